import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NatNetwork } from '../../src/index.js';
import { type Ovn as Cloud, type OvnOutside, ovn } from '../../src/ovn/index.js';
import { lab, type Ovn, type OvnGuest, OvsdbServers } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs, needsInSoak } from '../support/needs.js';

needs('Open vSwitch and OVN');

const OUTSIDE = '198.51.100.2';
const outsideAt = (address: string, chassis: string | readonly string[]): OvnOutside => ({
  ...{ physicalNetwork: 'lan', addresses: [`${address}/24`], gateways: [OUTSIDE], chassis },
});

/** Routed on each host; the second host leads to the outside while it lives. */
const MOVING = NatNetwork.create('moving').mtu(1400).subnet('172.30.0.1/24');
const MOVING_OUTSIDE = outsideAt('198.51.100.10', ['chassis2', 'chassis3', 'chassis1']);
/** All routed traffic goes through the second host. */
const FIXED = NatNetwork.create('fixed').mtu(1400).subnet('172.31.0.1/24');
const FIXED_OUTSIDE = outsideAt('198.51.100.11', 'chassis2');

const GUESTS = [
  { name: 'm1', network: 'moving', host: 'h1', ip: '172.30.0.11' },
  { name: 'm2', network: 'moving', host: 'h2', ip: '172.30.0.12' },
  { name: 'm3', network: 'moving', host: 'h3', ip: '172.30.0.13' },
  { name: 'f1', network: 'fixed', host: 'h1', ip: '172.31.0.11' },
  { name: 'f3', network: 'fixed', host: 'h3', ip: '172.31.0.13' },
] as const;
type Name = (typeof GUESTS)[number]['name'];

const ipOf = (name: Name): string => GUESTS.find((one) => one.name === name)?.ip ?? '';

it('plans say which loss of a chassis guests notice', async () => {
  const servers = OvsdbServers.start();
  await using cloud = ovn({ northbound: servers.endpoints });
  const reasons = async (chassis: string | readonly string[]) => {
    const { steps } = await cloud.networks.plan(MOVING, { outside: { ...MOVING_OUTSIDE, chassis } });
    return steps.map(({ why }) => why).join('\n');
  };
  expect(await reasons('c1')).toContain('a gateway router does not move: without chassis c1');
  await cloud.networks.ensure(MOVING, { outside: MOVING_OUTSIDE });
  expect(await reasons(['c1', 'c2', 'c3'])).not.toMatch(/neither|does not move/);
  expect(await reasons(['c2', 'c1'])).toContain('of two chassis neither takes over');
  servers.stop();
});

/** Three hosts take their time. */
const isWhole = needsInSoak('the loss of hosts with OVN and of what controls them', 'Open vSwitch and OVN');

if (isWhole) {
  describe('guests on three hosts', () => {
    let hosts: Ovn;
    let cloud: Cloud;
    const guests = new Map<string, OvnGuest>();
    const guest = (name: Name): OvnGuest => {
      const found = guests.get(name);
      if (found === undefined) throw new Error(`there is no guest ${name}`);
      return found;
    };

    beforeAll(async () => {
      hosts = lab.ovn({ hosts: 3 });
      hosts.lan(['h1', 'h2', 'h3'], `${OUTSIDE}/24`);
      cloud = ovn({ northbound: hosts.northbound });
      await cloud.networks.ensure(MOVING, { outside: MOVING_OUTSIDE });
      await cloud.networks.ensure(FIXED, { outside: FIXED_OUTSIDE });
      for (const [i, { name, network, host, ip }] of GUESTS.entries()) {
        const mac = `52:54:00:00:00:0${i + 1}`;
        const { id } = await cloud.networks.port(network, { mac, ip });
        guests.set(name, hosts.guest(name, { host, port: id, mac }));
      }
      hosts.sync();
      for (const { name, ip } of GUESTS)
        guest(name).sh(`ip addr add ${ip}/24 dev eth0; ip route add default via ${ip.replace(/\d+$/, '1')}`);
      for (const [from, to] of WAYS) reaches(from, to);
    }, 120_000);
    afterAll(async () => {
      await cloud.close();
      hosts.stop();
    });

    const WAYS: readonly (readonly [Name, string])[] = [
      ['m1', ipOf('m3')],
      ['m3', ipOf('m1')],
      ['m1', OUTSIDE],
      ['m2', OUTSIDE],
      ['m3', OUTSIDE],
      ['f1', ipOf('f3')],
      ['f1', OUTSIDE],
    ];

    /** Waits until pings are answered, at most half a minute. */
    const reaches = (from: Name, to: string): string =>
      guest(from).sh(
        `for n in $(seq 30); do busybox ping -c 1 -W 1 ${to} >/dev/null && exit; done; echo not ${to}; exit 1`,
      );

    /** Pings while something happens. @returns numbers of the pings that were not answered */
    async function lostWhile(ways: readonly (readonly [Name, string])[], happen: () => Promise<void> | void) {
      for (const [i, [from, to]] of ways.entries())
        guest(from).sh(`busybox ping -i 0.2 ${to} >/tmp/pings-${from}-${i} 2>&1 & echo $! >/tmp/pid-${from}-${i}`);
      await happen();
      return ways.map(([from], i) => {
        // It prints what it has kept when it is interrupted.
        const printed = guest(from).sh(`pid=$(cat /tmp/pid-${from}-${i}); kill -INT $pid
        while kill -0 $pid 2>/dev/null; do sleep 0.05; done; cat /tmp/pings-${from}-${i}`);
        const answered = [...printed.matchAll(/seq=(\d+)/g)].map(([, number]) => Number(number));
        return answered.length < 5 ? ['all'] : missing(answered);
      });
    }

    const missing = (numbers: readonly number[]): readonly number[] =>
      Array.from({ length: (numbers.at(-1) ?? 0) + 1 }, (_, i) => i).filter((i) => !numbers.includes(i));

    it('notice nothing while the controllers of all hosts are gone', async () => {
      const lost = await lostWhile(WAYS, () => {
        for (const host of ['h1', 'h2', 'h3'] as const) hosts.killController(host);
        for (const [from, to] of WAYS) guest(from).sh(`busybox ping -c 3 -W 1 ${to} >/dev/null`);
      });
      expect(lost).toEqual(WAYS.map(() => []));
      // A controller that starts makes all flows again, which takes a packet or two.
      for (const host of ['h1', 'h2', 'h3'] as const) hosts.beginController(host);
      hosts.sync();
      for (const [from, to] of WAYS) reaches(from, to);
    });

    it('notice nothing when databases and northd are killed; changes end typed, and are made when they are back', async () => {
      const changed = MOVING.forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: ipOf('m1'), port: 7777 } });
      const lost = await lostWhile(WAYS, async () => {
        hosts.killCentral();
        const error = await caught(cloud.networks.ensure(changed, { outside: MOVING_OUTSIDE, timeoutMs: 5000 }));
        expect(error).toMatchObject({ code: 'CONNECTION_FAILED' });
        reaches('m1', ipOf('m3'));
        hosts.beginCentral();
        expect((await cloud.networks.ensure(changed, { outside: MOVING_OUTSIDE })).changed).toBe(true);
        hosts.sync();
      });
      expect(lost).toEqual(WAYS.map(() => []));
      const [probe] = await openAt('198.51.100.10');
      expect(probe).toMatchObject({ ok: true });
    });

    const openAt = async (ip: string) => {
      guest('m1').serve();
      return guest('m3').probes([`tcp ${ip} 80`]);
    };

    it('on the other hosts reach each other and the outside when the gateway host is gone; a gateway router does not move', async () => {
      const { steps } = await cloud.networks.plan(NatNetwork.create('another').subnet('172.32.0.1/24'), {
        outside: outsideAt('198.51.100.12', 'chassis2'),
      });
      expect(steps.map(({ why }) => why).join()).toContain('a gateway router does not move: without chassis chassis2');
      const [between] = await lostWhile([['m1', ipOf('m3')]], () => {
        hosts.lose('h2');
        for (const name of ['m1', 'm3'] as const) reaches(name, OUTSIDE);
      });
      expect(between).toEqual([]);
      reaches('f1', ipOf('f3'));
      expect(guest('f1').sh(`busybox ping -c 3 -W 1 ${OUTSIDE} >/dev/null && echo out || echo cut off`)).toBe(
        'cut off',
      );
    });

    it('get the changes of networks while a host is gone, also that of the host of a gateway router', async () => {
      const outside = outsideAt('198.51.100.11', 'chassis3');
      const { steps } = await cloud.networks.plan(FIXED, { outside });
      expect(steps.map(({ effect }) => effect)).toContain('restart');
      expect((await cloud.networks.ensure(FIXED, { outside })).changed).toBe(true);
      reaches('f1', OUTSIDE);
      reaches('f3', OUTSIDE);
    });
  });
}
