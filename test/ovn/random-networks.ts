import { IsolatedNetwork, NatNetwork, RoutedNetwork } from '../../src/index.js';
import type { SubnetBuilder } from '../../src/model/subnet.js';
import type { OvnOpening, OvnOutside } from '../../src/ovn/index.js';
import type { Random } from '../support/random.js';

/** A network that OVN can express, with how it reaches the outside. */
export interface Desired {
  readonly network: NatNetwork | RoutedNetwork | IsolatedNetwork;
  readonly outside: OvnOutside;
}

/** A random network of any kind that OVN has. */
export const randomNetwork = (name: string, random: Random): Desired => {
  const empty = random.pick([NatNetwork, RoutedNetwork, IsolatedNetwork]).create(name);
  return {
    network: withForwards(withNames(withLimits(withSubnets(empty, random), random), random), random),
    outside: randomOutside(empty instanceof NatNetwork, random),
  };
};

/** Changes that leave the guests what they have, by number. */
const EDITS: readonly ((network: Virtual, n: number) => Virtual)[] = [
  (network, n) => network.mtu(1280 + n),
  (network, n) => network.domain(`d${n}.test`),
  (network, n) => network.dnsHost({ ip: '10.1.0.9', hostnames: [`host-${n}`] }),
  (network, n) => network.bandwidth({ inbound: { average: 5000 + n }, outbound: { average: 6000 + n } }),
  (network) => network.with({ bandwidth: undefined }),
  (network) => network.dns({ enable: true }),
  (network, n) => network.route({ to: `10.6${n % 10}.0.0/16`, via: '10.1.0.200' }),
  (network, n) =>
    network instanceof NatNetwork
      ? network.forwardPort({ protocol: 'tcp', hostPort: 9000 + n, to: { ip: '10.1.0.99' } })
      : network,
  (network, n) => network.subnet(`10.3.${n}.1/24`),
  (network) => network.isolatePorts(false),
];

/** The same network with one to three of the changes that guests do not notice. */
export function randomEdit({ network, outside }: Desired, random: Random): Desired {
  const edited = random
    .list(1, 3, () => random.pick(EDITS))
    .reduce((one, edit) => edit(one, random.int(1, 99)), network);
  // The same route or subnet may have been added before.
  const isRight = edited.validate().every(({ severity }) => severity !== 'error');
  return { network: isRight ? edited : network, outside };
}

type Virtual = Desired['network'];

function withSubnets(empty: Virtual, random: Random): Virtual {
  let network = empty.subnet('10.1.0.1/24', (subnet) => withDhcp(subnet, random));
  if (random.chance(0.3)) network = network.subnet('10.2.0.1/25');
  if (random.chance(0.5))
    network = network.subnet('fd00:1::1/64', (subnet) =>
      random.chance(0.5) ? subnet.host({ id: '00:03:00:01:52:54:00:00:00:07', ip: 'fd00:1::7', name: 'six' }) : subnet,
    );
  return random.chance(0.3) ? network.route({ to: `10.${random.int(50, 52)}.0.0/16`, via: '10.1.0.200' }) : network;
}

function withDhcp(subnet: SubnetBuilder, random: Random): SubnetBuilder {
  if (random.chance(0.2)) return subnet;
  const first = random.int(20, 100);
  const options = random.maybe(0.5, () => ({ lease: random.int(2, 90) }));
  const ranged = subnet.dhcp(`10.1.0.${first}`, `10.1.0.${first + random.int(1, 80)}`, options);
  const boots = random.chance(0.2) ? ranged.bootp('boot"it\\now.0', { server: '10.1.0.5' }) : ranged;
  return reserved(boots, random);
}

function reserved(subnet: SubnetBuilder, random: Random): SubnetBuilder {
  let built = subnet;
  for (let i = 0; i < random.int(0, 4); i++)
    built = built.host({
      mac: `52:54:00:00:01:0${i}`,
      ip: `10.1.0.${10 + i}`,
      ...random.maybe(0.5, () => ({ name: `guest-${i}` })),
    });
  return built;
}

function withLimits(network: Virtual, random: Random): Virtual {
  const limit = () =>
    random.maybe(0.5, () => ({ inbound: { average: random.int(1, 9000) }, outbound: { average: 500, burst: 64 } }));
  return [
    (one: Virtual) => (random.chance(0.4) ? one.mtu(random.int(1280, 1442)) : one),
    (one: Virtual) => (random.chance(0.3) ? one.mac(`52:54:00:aa:00:0${random.int(1, 4)}`) : one),
    (one: Virtual) => (random.chance(0.3) ? one.isolatePorts() : one),
    (one: Virtual) => (random.chance(0.3) ? one.bandwidth(limit()) : one),
  ].reduce((one, change) => change(one), network);
}

function withNames(network: Virtual, random: Random): Virtual {
  const named = random.chance(0.6) ? network.domain(random.pick(['lab.test', 'Example.Org'])) : network;
  if (random.chance(0.1)) return named.dns({ enable: false });
  const hosts = { ip: `10.1.0.${random.int(5, 8)}`, hostnames: ['www', 'a.b'] };
  const hosted = random.chance(0.5) ? named.dnsHost(hosts) : named;
  return random.chance(0.3) ? hosted.dnsForwarder({ addr: random.pick(['9.9.9.9', '2620:fe::fe']) }) : hosted;
}

function withForwards(network: Virtual, random: Random): Virtual {
  if (!(network instanceof NatNetwork)) return network;
  let nat = random.chance(0.3) ? network.natIpv6() : network;
  if (random.chance(0.2)) nat = nat.natPorts(3000, random.int(3001, 4000));
  if (random.chance(0.2)) nat = nat.natAddress('198.51.100.77');
  for (let i = 0; i < random.int(0, 3); i++)
    nat = nat.forwardPort({
      ...{
        protocol: random.pick(['tcp', 'udp']),
        hostPort: 1000 + 10 * i,
        to: { ip: `10.1.0.1${i}`, port: random.int(1, 3) },
      },
      ...random.maybe(0.3, () => ({ from: '203.0.113.0/24' })),
    });
  return nat;
}

const randomOutside = (isNat: boolean, random: Random): OvnOutside => ({
  physicalNetwork: random.pick(['lan', 'lan', 'dmz']),
  ...random.maybe(0.2, () => ({ vlan: 7 })),
  addresses: [`198.51.100.${random.int(10, 12)}/24`, '2001:db8:ffff::10/64'],
  ...random.maybe(0.7, () => ({ gateways: ['198.51.100.2'] })),
  chassis: random.pick(['chassis1', 'chassis2', ['chassis1', 'chassis2'], ['chassis2', 'chassis1']]),
  ...random.maybe(0.4, () => ({ openings: random.list(1, 2, () => randomOpening(random)) })),
  ...random.maybe(isNat ? 0.3 : 0, () => ({
    ownAddresses: [{ guest: `10.1.0.${random.int(11, 12)}`, address: '198.51.100.66' }],
  })),
  ...random.maybe(0.3, () => ({ dnsServers: ['198.51.100.2', '2001:db8:ffff::2'] })),
});

const randomOpening = (random: Random): OvnOpening =>
  random.pick<OvnOpening>([
    { from: '203.0.113.0/24' },
    { from: '192.0.2.7/32', to: '10.1.0.12', protocol: 'tcp', ports: random.int(1, 99) },
    { from: '2001:db8:7::/64', protocol: 'icmp' },
    { from: '2001:db8:8::/64', protocol: 'udp', ports: { start: 5, end: 9 } },
  ]);
