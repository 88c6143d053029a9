import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NatNetwork } from '../../src/index.js';
import { needs } from '../support/needs.js';
import { announce } from '../support/random.js';
import { LAN, World, type WorldGuest, type WorldNetwork } from './across-hosts.js';
import { explained, publicOf, type Way, walk } from './world-ways.js';

needs('Open vSwitch and OVN', 'python3');

/** Two guests in one subnet, and one in another. */
const addressesOf = (number: number) =>
  [
    [`172.30.${number}.11`, `fd00:${number}::11`],
    [`172.30.${number}.12`, `fd00:${number}::12`],
    [`172.31.${number}.11`, `fd00:${number}:1::11`],
  ] as const;

const ownOf = (number: number) => `198.51.100.5${number}`;
const beyondOf = (number: number) => `10.77.${number}.5`;

/** A network with NAT and two subnets of each family, with port forwards into both, and a route over its second guest. */
function networkOf(number: number): NatNetwork {
  const [first, second, third] = addressesOf(number);
  return NatNetwork.create(`subnets-${number}`)
    .mtu(1400)
    .natIpv6()
    .subnet(`172.30.${number}.1/24`)
    .subnet(`172.31.${number}.1/24`)
    .subnet(`fd00:${number}::1/64`)
    .subnet(`fd00:${number}:1::1/64`)
    .route({ to: `10.77.${number}.0/24`, via: second[0] })
    .forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: first[0], port: 7777 } })
    .forwardPort({ protocol: 'tcp', hostPort: 82, to: { ip: third[0], port: 7777 } })
    .forwardPort({ protocol: 'tcp', hostPort: 80, to: { ip: first[1], port: 7777 } })
    .forwardPort({ protocol: 'tcp', hostPort: 82, to: { ip: third[1], port: 7777 } });
}

const worldNetwork = (number: number, chassis: string | readonly string[]): WorldNetwork => ({
  number,
  network: networkOf(number),
  addresses: addressesOf(number),
  outside: {
    physicalNetwork: 'lan',
    addresses: publicOf({ number }).map((address, family) => `${address}/${family === 0 ? 24 : 64}`),
    gateways: [LAN.ipv4, LAN.ipv6],
    chassis,
    openings: [{ from: `${LAN.far4}/32`, protocol: 'tcp' }],
    ownAddresses: [{ guest: addressesOf(number)[0][0], address: ownOf(number) }],
  },
});

/** A router on one chassis, and in the soak one on every host as well: that one translates nothing inside by itself. */
const NETWORKS = [
  worldNetwork(1, 'chassis2'),
  ...(process.env['SOAK'] === '1' ? [worldNetwork(2, ['chassis2', 'chassis1', 'chassis3'])] : []),
];
announce('routers of networks with two subnets', NETWORKS.length);

/** Guests see each other as they are, whatever their subnets. */
const waysInside = (guests: readonly WorldGuest[]): readonly Way[] =>
  guests.flatMap((from) =>
    guests.flatMap((to) => {
      const [own, other] = [from, to].map(({ of, host }) => addressesOf(of.number)[host] ?? []);
      if (from === to) return [];
      return (other ?? []).flatMap((address, family): Way[] => [
        { from, probe: `tcp ${address}`, result: own?.[family] ?? '' },
        { from, probe: `udp ${address}`, result: own?.[family] ?? '' },
        { from, probe: `ping ${address}`, result: 'answers' },
      ]);
    }),
  );

/** Every guest reaches the forwarded ports, also its own and that of its neighbour. */
const waysForwarded = (from: WorldGuest): readonly Way[] =>
  publicOf(from.of).flatMap((address): Way[] => [
    { from, probe: `tcp ${address} 80`, result: 'answers' },
    { from, probe: `tcp ${address} 82`, result: 'answers' },
  ]);

function waysOut(from: WorldGuest): readonly Way[] {
  const [public4, public6] = publicOf(from.of);
  const [own = ''] = addressesOf(from.of.number)[from.host] ?? [];
  return [
    { from, probe: `tcp ${LAN.ipv4}`, result: from.host === 0 ? ownOf(from.of.number) : public4 },
    { from, probe: `tcp ${LAN.ipv6}`, result: public6 },
    { from, probe: `tcp ${LAN.far4}`, result: own },
  ];
}

const waysIn = (network: WorldNetwork): readonly Way[] => [
  ...publicOf(network).flatMap((address, family) =>
    [80, 82].map((port): Way => {
      const bind = family === 0 ? LAN.ipv4 : LAN.ipv6;
      return { from: 'outside', probe: `tcp ${address} ${port} --bind ${bind}`, result: bind };
    }),
  ),
  ...addressesOf(network.number).flatMap(([ipv4, ipv6]): Way[] => [
    { from: 'outside', probe: `tcp ${ipv4} --bind ${LAN.far4}`, result: LAN.far4 },
    { from: 'outside', probe: `udp ${ipv4} --bind ${LAN.ipv4}`, result: 'closed' },
    { from: 'outside', probe: `udp ${ipv6} --bind ${LAN.ipv6}`, result: 'closed' },
  ]),
];

/** A guest takes the addresses of its port, and the router's word for which subnets are at hand. */
async function takeAddresses({ guest, of, host }: WorldGuest): Promise<void> {
  const [ipv4 = '', ipv6 = ''] = of.addresses?.[host] ?? [];
  guest.sh(`set -e
    busybox sysctl -w net.ipv6.conf.eth0.autoconf=0
    busybox sysctl -w net.ipv6.conf.eth0.disable_ipv6=1
    busybox sysctl -w net.ipv6.conf.eth0.disable_ipv6=0
    ip addr add ${ipv4}/24 dev eth0
    ip addr add ${ipv6}/128 dev eth0 nodad
    ip route add default via ${ipv4.replace(/\.\d+$/, '.1')}`);
  await guest.probes(['ra eth0']);
}

describe('a network with NAT and two subnets of a family', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(NETWORKS, { hosts: 3 });
    await Promise.all(world.guests.map(takeAddresses));
    for (const { number } of NETWORKS) {
      const [via4, via6] = publicOf({ number });
      world.outside.sh(
        `ip route add 172.31.${number}.0/24 via ${via4}; ip route add fd00:${number}:1::/64 via ${via6}`,
      );
    }
    for (const { guest, host, of } of world.guests)
      if (host === 1) guest.sh(`ip addr add ${beyondOf(of.number)}/32 dev lo`);
    world.meet();
  }, 120_000);
  afterAll(() => world.stop());

  /** Packets and explainFlow agree on what comes of packets. */
  async function expectWays(ways: readonly Way[]): Promise<void> {
    const { wanted, seen } = await walk(world, ways);
    expect(seen).toEqual(wanted);
    const { wanted: wantedOfFlows, said } = explained(await world.topology(), ways);
    expect(said).toEqual(wantedOfFlows);
  }

  it('lets guests of both reach each other untranslated', async () => {
    await expectWays(NETWORKS.flatMap((network) => waysInside(world.guestsOf(network))));
  });

  it('forwards ports into both, also for its own guests', async () => {
    await expectWays(world.guests.flatMap(waysForwarded));
  });

  it('lets guests out, and nobody in but by forwarded ports and openings', async () => {
    await expectWays([...world.guests.flatMap(waysOut), ...NETWORKS.flatMap(waysIn)]);
  });

  it('leads guests to where its own routes lead, untranslated', async () => {
    const ways = world.guests
      .filter(({ host }) => host !== 1)
      .map((from): Way => {
        const [own = ''] = addressesOf(from.of.number)[from.host] ?? [];
        return { from, probe: `tcp ${beyondOf(from.of.number)}`, result: own };
      });
    const { wanted, seen } = await walk(world, ways);
    expect(seen).toEqual(wanted);
  });
});
