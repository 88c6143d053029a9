import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BridgedNetwork, DirectNetwork } from 'libvirt-network';
import type { DiagnosisTarget } from 'libvirt-network/doctor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { DoctorHost } from './doctor-host.js';

needs('daemon 9.0', 'daemon 12.9');

const NETWORKS = [
  BridgedNetwork.create({ name: 'lan', bridge: 'br-lan' }),
  DirectNetwork.create({ name: 'macvtap', mode: 'bridge', devices: ['card0'] }),
];

/** The host's own bridge with a cable, and a card for macvtap. */
const MAKES = [
  'ip link add cable0 type veth peer name far0; ip link add card0 type veth peer name far1',
  'ip link add br-lan type bridge; ip link set cable0 master br-lan',
  'for d in br-lan cable0 far0 card0 far1; do ip link set $d up; done',
];

const UNREACHABLE: DiagnosisTarget = { complaint: 'not reachable', network: 'macvtap' };
const NO_ADDRESS: DiagnosisTarget = { complaint: 'no address', network: 'lan' };

/** What is broken, how it is taken back, what is asked, and what the doctor names first. */
const CASES: readonly (readonly [string, string, string, DiagnosisTarget, string | undefined])[] = [
  ['nothing of the bridge', 'true', 'true', 'lan', undefined],
  ['nothing of the card', 'true', 'true', 'macvtap', undefined],
  ['nothing on the host', 'true', 'true', NO_ADDRESS, 'not-on-host'],
  ['the host, which macvtap keeps apart', 'true', 'true', UNREACHABLE, 'macvtap-apart'],
  ['a bridge that is switched off', 'ip link set br-lan down', 'ip link set br-lan up', 'lan', 'bridge-down'],
  [
    'a bridge without its cable',
    'ip link set cable0 nomaster',
    'ip link set cable0 master br-lan',
    NO_ADDRESS,
    'bridge-without-uplink',
  ],
  [
    'a cable that is not plugged in',
    'ip link set far0 down',
    'ip link set far0 up',
    NO_ADDRESS,
    'bridge-without-uplink',
  ],
  ['a card that is switched off', 'ip link set card0 down', 'ip link set card0 up', 'macvtap', 'uplink-down'],
  ['a card without carrier', 'ip link set far1 down', 'ip link set far1 up', 'macvtap', 'uplink-down'],
  [
    'a card that is gone',
    'ip link set card0 name other0',
    'ip link set other0 name card0; ip link set card0 up',
    'macvtap',
    'uplink-down',
  ],
  ['a bridge that is gone', 'ip link del br-lan', 'true', 'lan', 'bridge-missing'],
];

describe.each(thinned('releases with networks on devices of the host', ['9.0', '12.9'] as const, 2))(
  'networks on devices of the host with libvirt %s',
  (release) => {
    let host: DoctorHost;
    beforeAll(() => {
      host = new DoctorHost(release);
      host.run(MAKES);
      const { daemon } = host.lab;
      for (const network of NETWORKS) {
        const file = join(daemon.dir, `${network.name}.xml`);
        writeFileSync(file, network.toXml());
        daemon.ask(`net-define ${file}; net-start ${network.name}`);
      }
    });
    afterAll(() => host.stop());

    it.each(CASES)('have the cause named: %s', async (_, breaks, restores, target, id) => {
      host.run([breaks]);
      const { findings } = await host.diagnose(target).finally(() => host.run([restores]));
      expect(findings.map((one) => one.id)).toEqual(id === undefined ? [] : [id]);
    });
  },
);
