import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Vm } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { thinned } from '../support/random.js';
import { DoctorHost } from './doctor-host.js';

needs('daemon 9.0', 'daemon 12.9', 'virtual machines');

/** What is broken inside of a virtual machine, and the first finding when the host sends packets too. */
const CASES = [
  { name: 'nothing', breaks: 'true', restores: 'true', id: undefined },
  {
    name: 'a NIC that is switched off',
    breaks: 'ip link set eth0 down',
    restores: 'ip link set eth0 up',
    id: 'guest-silent',
  },
  {
    name: 'a static address of another subnet',
    breaks: 'ip addr flush dev eth0; ip addr add 10.5.5.5/24 dev eth0',
    restores: 'ip addr del 10.5.5.5/24 dev eth0',
    id: 'guest-silent',
  },
] as const;

describe.each(thinned('releases with a virtual machine', ['9.0', '12.9'] as const, 2))(
  'a virtual machine on libvirt %s',
  (release) => {
    let host: DoctorHost;
    let vm: Vm;
    beforeAll(async () => {
      host = new DoctorHost(release, 'g1');
      vm = await host.lab.startVm('g1');
    });
    afterAll(() => host.stop());

    const ids = async (probe: boolean) => (await host.diagnose({ guest: 'g1' }, probe)).findings.map(({ id }) => id);

    it('is well, and its link is named when libvirt takes it down', async () => {
      expect(await ids(true)).toEqual([]);
      vm.ask('domif-setlink', 'g1', host.lab.tapOf('g1'), 'down');
      expect(await ids(false)).toEqual(['link-down']);
      vm.ask('domif-setlink', 'g1', host.lab.tapOf('g1'), 'up');
      expect(await ids(false)).toEqual([]);
    });

    it('is named as the place of a wrong router', async () => {
      await vm.exec('ip route replace default via 192.168.122.254');
      const { findings } = await host.diagnose({ complaint: 'no way out', guest: 'g1' });
      await vm.exec('ip route replace default via 192.168.122.1');
      expect(findings[0]).toMatchObject({ id: 'not-on-host', owner: 'guest' });
    });

    it.each(CASES)('has inside of it: $name', async ({ breaks, restores, id }) => {
      const address = (await vm.exec('ip -4 -o addr show eth0')).match(/inet (\S+)/)?.[1] ?? '';
      await vm.exec(breaks);
      host.lab.daemon.inside('ip neigh flush dev virbr0');
      const found = await ids(true);
      await vm.exec(`${restores}; ip addr replace ${address} dev eth0; ip route replace default via 192.168.122.1`);
      expect(found).toEqual(id === undefined ? [] : [id]);
    });
  },
);
