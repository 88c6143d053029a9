import { IsolatedNetwork, NatNetwork, RoutedNetwork } from '../../src/index.js';
import type { OvnOpening, OvnOutside, OvnTopology, OvnTopologyGuest, OvnTopologyOutside } from '../../src/ovn/index.js';
import type { Random } from '../support/random.js';
import { LAN } from './across-hosts.js';

/** A topology of networks with guests on three hosts, and machines on the LAN and beyond it. */
export interface RandomTopology extends OvnTopology {
  readonly networks: readonly { readonly network: Virtual; readonly outside?: OvnOutside }[];
  readonly guests: readonly (OvnTopologyGuest & { readonly mac: string; readonly addresses: readonly string[] })[];
  readonly outside: readonly OvnTopologyOutside[];
}

type Virtual = NatNetwork | RoutedNetwork | IsolatedNetwork;

const HOSTS = ['chassis1', 'chassis2', 'chassis3'] as const;

/** Makes a topology of some networks. */
export function randomTopology(random: Random): RandomTopology {
  const networks = random.list(2, 3, (i) => randomNetwork(i + 1, random));
  return {
    chassis: HOSTS.map((name, i) => ({ name, address: `10.99.0.${i + 1}` })),
    networks,
    guests: networks.flatMap(({ network }, i) => guestsOf(network, i + 1)),
    outside: [
      { physicalNetwork: 'lan', addresses: [`${LAN.ipv4}/24`, `${LAN.ipv6}/64`] },
      { physicalNetwork: 'lan', addresses: [`${LAN.far4}/24`, `${LAN.far6}/64`] },
    ],
  };
}

function randomNetwork(number: number, random: Random): RandomTopology['networks'][number] {
  const empty = random.pick([NatNetwork, NatNetwork, RoutedNetwork, IsolatedNetwork]).create(`net-${number}`);
  const network = withForwards(withSubnets(empty, number, random), number, random);
  return network instanceof IsolatedNetwork
    ? { network }
    : { network, outside: randomOutside(network, number, random) };
}

function withSubnets(empty: Virtual, number: number, random: Random): Virtual {
  let network = empty.subnet(`172.30.${number}.1/24`, (subnet) =>
    random.chance(0.3) ? subnet : subnet.dhcp(`172.30.${number}.100`, `172.30.${number}.199`),
  );
  if (random.chance(0.3)) network = network.subnet(`172.31.${number}.1/24`);
  if (random.chance(0.6))
    network = network.subnet(`fd00:${number}::1/64`, (subnet) =>
      random.chance(0.5) ? subnet.host({ id: '00:03:00:01:52:54:00:00:00:77', ip: `fd00:${number}::77` }) : subnet,
    );
  if (has6(network) && random.chance(0.3)) network = network.subnet(`fd01:${number}::1/64`);
  if (random.chance(0.2)) network = network.route({ to: '10.77.0.0/16', via: `172.30.${number}.12` });
  return random.chance(0.3) ? network.isolatePorts() : network;
}

function withForwards(network: Virtual, number: number, random: Random): Virtual {
  if (!(network instanceof NatNetwork)) return network;
  let nat = random.chance(0.5) && has6(network) ? network.natIpv6() : network;
  if (random.chance(0.2)) nat = nat.natPorts(3000, 4000);
  if (random.chance(0.2)) nat = nat.natAddress(`198.51.100.7${number}`);
  for (const [i, ip] of [`172.30.${number}.11`, `172.30.${number}.12`, `fd00:${number}::11`].entries())
    if (random.chance(0.6) && (i < 2 || has6(network)))
      nat = nat.forwardPort({
        ...{ protocol: i === 1 ? 'udp' : 'tcp', hostPort: 80 + i, to: { ip, port: 7000 } },
        ...random.maybe(0.4, () => ({ from: i === 2 ? `${LAN.far6}/128` : `${random.pick([LAN.ipv4, LAN.far4])}/32` })),
      });
  return nat;
}

const has6 = ({ document }: Virtual): boolean => document.ips?.some(({ family }) => family === 'ipv6') === true;

function randomOutside(network: Virtual, number: number, random: Random): OvnOutside {
  const isNat = network instanceof NatNetwork;
  return {
    physicalNetwork: 'lan',
    addresses: [`198.51.100.1${number}/24`, `2001:db8:ffff::1${number}/64`],
    ...random.maybe(0.8, () => ({ gateways: [LAN.ipv4, LAN.ipv6] })),
    chassis: random.pick(['chassis1', 'chassis2', ['chassis2', 'chassis1', 'chassis3'], [...HOSTS]]),
    ...(isNat ? random.maybe(0.5, () => ({ openings: random.list(1, 2, () => randomOpening(number, random)) })) : {}),
    ...(isNat
      ? random.maybe(0.4, () => ({
          ownAddresses: [{ guest: `172.30.${number}.12`, address: `198.51.100.5${number}` }],
        }))
      : {}),
  };
}

const randomOpening = (number: number, random: Random): OvnOpening =>
  random.pick<OvnOpening>([
    { from: '203.0.113.0/24' },
    { from: `${LAN.ipv4}/32`, to: `172.30.${number}.12`, protocol: 'tcp', ports: { start: 70, end: 90 } },
    { from: `${LAN.far6}/128`, protocol: 'icmp' },
    { from: `${LAN.far4}/32`, protocol: 'udp', ports: 80 },
  ]);

/** A guest on each host; where there is another subnet, one more in that. */
function guestsOf(network: Virtual, number: number): RandomTopology['guests'] {
  const { document, name } = network;
  const guest = (i: number, addresses: readonly string[]) => ({
    ...{ name: `${name}-${i}`, network: name, addresses, mac: `52:54:00:00:0${number}:1${i}` },
    chassis: HOSTS[i % 3] ?? 'chassis1',
  });
  const first = [0, 1, 2].map((i) =>
    guest(i, [`172.30.${number}.1${i}`, ...(has6(network) ? [`fd00:${number}::1${i}`] : [])]),
  );
  const has = (router: string): boolean => document.ips?.some(({ address }) => address === router) === true;
  const [second4, second6] = [has(`172.31.${number}.1`), has(`fd01:${number}::1`)];
  const others = [`172.3${second4 ? 1 : 0}.${number}.13`, ...(second6 ? [`fd01:${number}::13`] : [])];
  return second4 || second6 ? [...first, guest(3, others)] : first;
}
