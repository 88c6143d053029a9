import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IsolatedNetwork, NatNetwork, RoutedNetwork } from '../../src/index.js';
import { needs } from '../support/needs.js';
import { announce, seed } from '../support/random.js';
import { LAN, macOf, World, type WorldNetwork } from './across-hosts.js';
import {
  addressesOf,
  explained,
  walk,
  waysForwarded,
  waysIn,
  waysInside,
  waysOfLength,
  waysOpened,
  waysOut,
  waysToNames,
  waysToOthers,
} from './world-ways.js';

needs('Open vSwitch and OVN', 'python3');

const SOAK = process.env['SOAK'] === '1';

/** Two subnets with a guest that has reservations, and free addresses for all others. */
function withSubnets(network: WorldNetwork['network'], number: number): WorldNetwork['network'] {
  return network
    .domain(`${network.name}.test`)
    .mtu(1400)
    .subnet(`172.30.${number}.1/24`, (s) =>
      s
        .dhcp(`172.30.${number}.100`, `172.30.${number}.199`)
        .host({ mac: macOf(number, 0), ip: `172.30.${number}.11`, name: 'db', lease: 10 }),
    )
    .subnet(`fd00:${number}::1/64`, (s) =>
      s.host({ id: `00:03:00:01:${macOf(number, 0)}`, ip: `fd00:${number}::11`, name: 'db' }),
    );
}

/** Forwards in both families: one for everybody, one for the far address alone, and a range. */
const withForwards = (network: NatNetwork, number: number): NatNetwork =>
  [`172.30.${number}.11`, `fd00:${number}::11`].reduce(
    (one, ip, family) =>
      one
        .forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip, port: 7000 } })
        .forwardPort({
          protocol: 'tcp',
          hostPort: 81,
          from: family === 0 ? '203.0.113.0/24' : LAN.far6,
          to: { ip, port: 7000 },
        })
        .forwardPort({ protocol: 'udp', hostPort: { start: 5000, end: 5002 }, to: { ip, port: 7000 } }),
    network.natIpv6(),
  );

const outsideFor = (number: number, chassis: string | readonly string[]) => ({
  physicalNetwork: 'lan',
  addresses: [`198.51.100.1${number}/24`, `2001:db8:ffff::1${number}/64`],
  gateways: [LAN.ipv4, LAN.ipv6],
  chassis,
});

const nat = (number: number, name: string, chassis: string | readonly string[]): WorldNetwork => ({
  number,
  network: withSubnets(withForwards(NatNetwork.create(name), number), number),
  outside: {
    ...outsideFor(number, chassis),
    openings: [
      { from: `${LAN.far4}/32`, to: `172.30.${number}.11`, protocol: 'tcp', ports: 7777 },
      { from: `${LAN.far6}/128`, protocol: 'icmp' },
    ],
    ownAddresses: [{ guest: `172.30.${number}.100`, address: `198.51.100.5${number}` }],
  },
});

const routed = (number: number, name: string, chassis: string | readonly string[]): WorldNetwork => ({
  number,
  network: withSubnets(RoutedNetwork.create(name), number),
  outside: outsideFor(number, chassis),
});

function isolatedPorts(): WorldNetwork {
  const { network, ...others } = nat(6, 'apart', 'chassis1');
  return { ...others, network: network.isolatePorts() };
}

const isolated: WorldNetwork = {
  number: 5,
  network: withSubnets(IsolatedNetwork.create('quiet'), 5).bandwidth({ outbound: { average: 300 } }),
};

/** Through a gateway router on one host, and through routers on every host. */
const networksFor = (hosts: 2 | 3): readonly WorldNetwork[] => {
  const gateways = ['chassis2', 'chassis1', 'chassis3'].slice(0, hosts);
  const [byOne, byAll] = [
    [nat(1, 'nat-one', 'chassis1'), routed(3, 'routed-one', 'chassis2')],
    [nat(2, 'nat-all', gateways), routed(4, 'routed-all', gateways)],
  ];
  if (SOAK) return [...byOne, ...byAll, isolated, isolatedPorts()];
  return [...(seed % 2 === 0 ? byOne : byAll), isolated];
};

const LABS = ([2, 3] as const).flatMap((hosts) =>
  (['geneve', 'vxlan'] as const).map((encapsulation) => ({ hosts, encapsulation })),
);
const used = SOAK ? LABS : LABS.filter((_, i) => i === Math.floor(seed / 2) % 2);
announce('hosts and tunnels of OVN', used.length);

describe.each(used)('networks on $hosts hosts over $encapsulation', (options) => {
  const networks = networksFor(options.hosts);
  let world: World;
  beforeAll(async () => {
    world = await World.start(networks, options);
  }, 120_000);
  afterAll(() => world.stop());

  it('give guests the reserved addresses, and free ones', async () => {
    const leases = await world.takeAddresses();
    expect(leases).toEqual(
      world.guests.map((guest) => {
        const [ipv4, ipv6] = addressesOf(guest);
        return [`${ipv4}/24 from 172.30.${guest.of.number}.1`, [ipv6]];
      }),
    );
  });

  it('have the lease time of the subnet, or that of the reservation', () => {
    const [first, second] = world.guests;
    expect([first?.guest.leaseSeconds(), second?.guest.leaseSeconds()]).toEqual([600, 3600]);
  });

  it('have a router that leads guests to the outside, or gives way to others', () => {
    const routers = networks.map((network) => {
      const [first] = world.guestsOf(network);
      return /pref (\w+)/.exec(first?.guest.sh('ip -6 route show default') ?? '')?.[1];
    });
    expect(routers).toEqual(networks.map(({ outside }) => (outside === undefined ? 'low' : 'medium')));
  });

  it('let their guests reach each other, find each other by name, and nothing that the mode does not have', async () => {
    for (const network of networks.filter((one) => one.network instanceof NatNetwork))
      for (const port of [7000, 7001]) world.guestsOf(network)[0]?.guest.serve(port);
    world.meet();
    const firsts = world.guests.filter(({ host }) => host === 0);
    const ways = [
      ...networks.flatMap((network) => waysInside(world.guestsOf(network))),
      ...world.guests.flatMap((guest) => [
        ...waysToNames(guest),
        ...waysOut(guest),
        ...waysToOthers(guest, firsts),
        ...waysIn(guest),
      ]),
      ...networks
        .filter(({ network }) => network instanceof NatNetwork)
        .flatMap((network) => [
          ...waysForwarded(network, world.guestsOf(network)),
          ...waysOpened(world.guestsOf(network)),
        ]),
    ];
    const { wanted, seen } = await walk(world, ways);
    expect(seen).toEqual(wanted);
    const foretold = explained(await world.topology(), ways);
    expect(foretold.said).toEqual(foretold.wanted);
  });

  it('carry packets of the length of their MTU, and say so of longer ones', async () => {
    const open = networks.filter(({ network }) => network instanceof RoutedNetwork);
    const { wanted, seen } = await walk(
      world,
      open.flatMap((network) =>
        world
          .guestsOf(network)
          .slice(0, 2)
          .flatMap((guest) => waysOfLength(guest)),
      ),
    );
    expect(seen).toEqual(wanted);
  });

  it('limit what their guests send', async () => {
    const [first, second] = world.guestsOf(isolated);
    const [address = ''] = second === undefined ? [] : addressesOf(second);
    const [probe] = (await first?.guest.probes([`rate ${address} --seconds 2`])) ?? [];
    // A limit of 300 KiB/s, and what waits in sockets; without it there are over 10,000.
    expect(probe?.kib_per_s).toBeLessThan(2000);
    expect(probe?.kib_per_s).toBeGreaterThan(10);
  });

  it('have no row that OVN cannot parse', () => {
    expect(world.complaints()).toBe('');
  });
});
