import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, formatPlan, type Host, NatNetwork } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';

needs('daemon 11.3');

const HOLDER = '52:54:00:00:00:0a';
const OTHER = '52:54:00:00:00:0b';
const lab = NatNetwork.create('lab')
  .bridge('virbr-lab')
  .subnet('10.60.0.1/24', (subnet) => subnet.dhcp('10.60.0.100', '10.60.0.199'))
  // It offers an address at once, without asking first whether somebody has it.
  .dnsmasqOption('no-ping');
const reserving = (mac: string, ip: string) => lab.reserve({ mac, ip }, { ranges: 'keep' });

describe('reservations on a real daemon, while guests have leases', () => {
  let daemon: Daemon;
  let host: Host;
  beforeAll(() => {
    daemon = startDaemon('11.3');
    host = connect(virsh({ uri: daemon.uri, path: daemon.virsh }));
  });
  afterAll(async () => {
    await host.close();
    daemon.stop();
  });

  /** The address that a guest gets when it asks now. */
  const asked = (name: string): string =>
    /lease of (\S+) obtained/.exec(
      daemon.guestShell(name, 'busybox udhcpc -i eth0 -n -q -t 15 -T 1 -s /bin/true 2>&1 || :'),
    )?.[1] ?? 'none';
  const addressOf = async (mac: string) =>
    (await (await host.networks.get('lab')).leases()).find((lease) => lease.mac === mac)?.address ?? 'none';

  it('an address that moves is named with the guest that holds it, who keeps it until it asks again', async () => {
    await host.networks.ensure(lab, { running: true });
    daemon.guest('holder', { network: 'lab', mac: HOLDER });
    const held = await addressOf(HOLDER);
    for (const current of [lab, reserving(HOLDER, held)]) {
      await host.networks.ensure(current);
      const desired = reserving(OTHER, held);
      const plan = await host.networks.plan(desired);
      const updates = plan.steps.filter(({ action }) => action === 'update');
      expect(updates.find(({ effect }) => effect === 'address')).toMatchObject({
        why: expect.stringContaining(`takes ${held} from ${HOLDER}`),
        guests: [{ mac: HOLDER }],
      });
      expect(updates.filter(({ effect }) => effect === 'live')).toEqual([]);
      expect(formatPlan(plan)).toContain(HOLDER);
    }
    await host.networks.ensure(reserving(OTHER, held));
    expect(await addressOf(HOLDER)).toBe(held);
    expect(asked('holder')).not.toBe(held);
    expect(await addressOf(OTHER)).toBe('none');
    daemon.guest('other', { network: 'lab', mac: OTHER });
    expect(await addressOf(OTHER)).toBe(held);
  });

  it('a reservation with the address of the gateway gives the guest another one, as a warning says', async () => {
    const desired = lab.subnet('10.60.0.1/24', (subnet) =>
      subnet.dhcp('10.60.0.100', '10.60.0.199').host({ mac: HOLDER, ip: '10.60.0.1' }),
    );
    expect(desired.validate().map(({ code }) => code)).toContain('HOST_IS_GATEWAY');
    await host.networks.ensure(desired, { running: true });
    expect(asked('holder')).toMatch(/^10\.60\.0\.(?!1$)\d+$/);
  });
});
