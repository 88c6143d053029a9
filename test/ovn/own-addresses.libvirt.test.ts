import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NatNetwork } from '../../src/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { LAN, macOf, World, type WorldGuest, type WorldNetwork } from './across-hosts.js';
import { type Way, walk } from './world-ways.js';

needs('Open vSwitch and OVN', 'python3');

const routerOf = (number: number) => `198.51.100.1${number}`;
const sharedOf = (number: number) => `198.51.100.5${number}`;
const natOf = (number: number) => `198.51.100.6${number}`;
const guestsOf = (number: number) => [`172.30.${number}.11`, `172.30.${number}.100`] as const;

/** A network with NAT whose port 80 at an address outside leads to its first guest. */
function forwarding(number: number, hostAddress: string): NatNetwork {
  const [first] = guestsOf(number);
  return NatNetwork.create(`own-${number}`)
    .mtu(1400)
    .subnet(`172.30.${number}.1/24`, (s) =>
      s.dhcp(`172.30.${number}.100`, `172.30.${number}.199`).host({ mac: macOf(number, 0), ip: first }),
    )
    .subnet(`fd00:${number}::1/64`)
    .forwardPort({ protocol: 'tcp', hostPort: 80, hostAddress, to: { ip: first, port: 7777 } });
}

const outsideFor = (number: number, chassis: string | readonly string[]) => ({
  ...{ physicalNetwork: 'lan', gateways: [LAN.ipv4], chassis },
  addresses: [`${routerOf(number)}/24`, `2001:db8:ffff::1${number}/64`],
});

/** All guests go by an address of NAT, and the second one by that of the router. */
function withRouters(number: number, chassis: string | readonly string[]): WorldNetwork {
  const address = routerOf(number);
  const outside = { ...outsideFor(number, chassis), ownAddresses: [{ guest: guestsOf(number)[1], address }] };
  return { number, network: forwarding(number, address).natAddress(natOf(number)), outside };
}

/** Both guests go by the same address, which is not that of the router. */
function withShared(number: number, chassis: string | readonly string[]): WorldNetwork {
  const address = sharedOf(number);
  const ownAddresses = guestsOf(number).map((guest) => ({ guest, address }));
  return { number, network: forwarding(number, address), outside: { ...outsideFor(number, chassis), ownAddresses } };
}

const ALL = ['chassis2', 'chassis1'];
const SHARED = withShared(2, 'chassis1');
const NETWORKS = [withRouters(1, 'chassis1'), SHARED, withRouters(3, ALL), withShared(4, ALL)];

const isShared = ({ network }: WorldNetwork): boolean => network.document.forward?.nat?.address === undefined;

/** The address outside that a network's port 80 is forwarded at. */
const forwardedOf = (network: WorldNetwork): string =>
  isShared(network) ? sharedOf(network.number) : routerOf(network.number);

/** A guest reaches the outside with its address, and the port that is forwarded there. */
function waysOf(from: WorldGuest): readonly Way[] {
  const { of, host } = from;
  const result = isShared(of) || host === 1 ? forwardedOf(of) : natOf(of.number);
  return [
    { from, probe: `tcp ${LAN.ipv4}`, result },
    { from, probe: `udp ${LAN.ipv4}`, result },
    { from, probe: `ping ${LAN.ipv4}`, result: 'answers' },
    { from, probe: `tcp ${forwardedOf(of)} 80`, result: 'answers' },
  ];
}

const wayIn = (network: WorldNetwork): Way => ({
  ...{ from: 'outside', result: LAN.ipv4 },
  probe: `tcp ${forwardedOf(network)} 80 --bind ${LAN.ipv4}`,
});

describe('addresses outside of single guests', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(NETWORKS);
    await world.takeAddresses();
    world.meet();
  }, 120_000);
  afterAll(() => world.stop());

  it('are what machines outside see, also that of the router and one of two guests, and have port forwards', async () => {
    const { wanted, seen } = await walk(world, [...world.guests.flatMap(waysOf), ...NETWORKS.map(wayIn)]);
    expect(seen).toEqual(wanted);
  });

  it('are not that of the next hop, which is refused: OVN would take it, and the guests would reach nothing outside', async () => {
    const { cloud, hosts, guests } = world;
    const { number, network } = SHARED;
    const ownAddresses = [{ guest: guestsOf(number)[0], address: LAN.ipv4 }];
    const taken = { ...outsideFor(number, 'chassis1'), ownAddresses };
    expect(await caught(cloud.networks.plan(network, { outside: taken }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    const where = [['external_ip', '==', sharedOf(number)]] as const;
    await cloud.northbound.transact([{ op: 'update', table: 'NAT', where, row: { external_ip: LAN.ipv4 } }]);
    hosts.sync();
    const ways = guests
      .filter(({ of }) => of === SHARED)
      .map((from): Way => ({ from, probe: `tcp ${LAN.far4}`, result: 'closed' }));
    const { wanted, seen } = await walk(world, ways);
    expect(seen).toEqual(wanted);
  });
});
