import {
  BridgedNetwork,
  DirectNetwork,
  HostdevNetwork,
  IsolatedNetwork,
  NatNetwork,
  RoutedNetwork,
} from 'libvirt-network';
import type { FlowGuest, OutsideSegment, Topology } from 'libvirt-network/preview';
import { randomVirtualNetwork } from '../preview/generate.js';
import type { Random } from '../support/random.js';

/** Names that are hard for formats, fonts and layouts. */
export const HOSTILE_NAMES: readonly string[] = [
  'x'.repeat(255),
  'W'.repeat(255),
  'a word '.repeat(36),
  '仮想ネットワーク'.repeat(12),
  'شبكة افتراضية '.repeat(8),
  'רשת וירטואלית',
  '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(9),
  '<&"]]>\'\\n`#35;%%{init}%%',
  '</text><script>alert(1)</script>',
  '--> end; subgraph x',
  '1. **bold** _it_ [a](javascript:x)',
  '- list',
  '%%{init: {"theme":"dark"}}%%',
  '\u001b[31mred\u0007\u202Eevil\u0000',
  '\ud800 half',
  'e\u0301\u0323'.repeat(60),
  'Ŵïdé Ñame Щука Ωμέγα',
  '﷽ ⸻ 𒐫',
  'end',
  '',
];

/** A small topology with each kind of network. */
export const SAMPLE: Topology = {
  backend: 'iptables',
  networks: [
    NatNetwork.create('lab')
      .bridge('virbr10')
      .subnet('192.168.50.1/24', (subnet) => subnet.dhcp('192.168.50.100', '192.168.50.199')),
    RoutedNetwork.create('dmz').bridge('virbr11').via('eth0').subnet('192.168.51.1/24').subnet('2001:db8:51::1/64'),
    IsolatedNetwork.create('lone').bridge('virbr12').subnet('192.168.52.1/24'),
    BridgedNetwork.create({ name: 'office', bridge: 'br0' }),
    DirectNetwork.create({ name: 'direct', mode: 'vepa', devices: ['eth2'] }),
  ],
  guests: [
    { name: 'web', network: 'lab' },
    { name: 'db', network: 'lab', tap: 'vnet1', link: 'down' },
    { name: 'gate vnet2', network: 'lab', tap: 'vnet2' },
    { name: 'gate vnet3', network: 'lone', tap: 'vnet3' },
    { name: 'mail', network: 'dmz' },
    { name: 'vault', network: 'lone', isolated: true },
    { name: 'pc', network: 'office', addresses: ['10.1.1.4/24'], vlan: 20, filter: 'clean-traffic' },
    { name: 'vm', network: 'direct' },
  ],
  outside: [
    { device: 'eth0', host: ['198.51.100.1/24'], outside: ['198.51.100.2/24'] },
    { device: 'br0', host: ['10.1.1.2/24'], outside: ['10.1.1.9/24'] },
  ],
};

/** A topology of up to 40 guests on up to eight networks of all kinds, some with hostile names. */
export function randomTopology(random: Random): Topology {
  const virtual = random.list(0, 5, (i) => randomVirtualNetwork(random, i).named(nameOf(random, `net${i}`, i)));
  const pointers = random.list(virtual.length === 0 ? 1 : 0, 3, (i) => pointer(random, i));
  const networks = [...virtual, ...pointers];
  const guests = random.list(0, 40, (i): FlowGuest => guest(random, i, random.pick(networks).name));
  return { backend: 'nftables', networks, guests, ...random.maybe(0.7, () => ({ outside: lans(random) })) };
}

/** Network names have no slash and no line break; every name is unique by its number. */
const nameOf = (random: Random, plain: string, i: number): string =>
  random.chance(0.3) ? `${i}${random.pick(HOSTILE_NAMES).replace(/[/\n\p{Cc}\p{Cs}]/gu, '')}` : plain;

function pointer(random: Random, i: number) {
  const name = nameOf(random, `lan${i}`, 100 + i);
  const device = random.pick(['br0', 'br1', 'eth1', 'a-long-bridge15']);
  switch (random.pick(['bridge', 'direct', 'hostdev'])) {
    case 'bridge':
      return BridgedNetwork.create({ name, bridge: device });
    case 'direct':
      return DirectNetwork.create({
        name,
        mode: random.pick(['bridge', 'private', 'vepa', 'passthrough']),
        devices: [device],
      });
    default:
      return HostdevNetwork.create(random.chance(0.5) ? { name, pf: device } : { name, addresses: [{ bus: i }] });
  }
}

function guest(random: Random, i: number, network: string): FlowGuest {
  const tap = `vnet${i}`;
  const name = random.chance(0.2) ? `${i} ${random.pick(HOSTILE_NAMES)}` : `guest${i}`;
  return {
    name: random.chance(0.2) ? `${name} ${tap}` : name,
    network,
    ...random.maybe(0.4, () => ({ tap })),
    ...random.maybe(0.4, () => ({ addresses: random.list(0, 5, (n) => `2001:db8:1234:5678:9abc:def0:${i}:${n}/64`) })),
    ...random.maybe(0.1, () => ({ link: 'down' as const })),
    ...random.maybe(0.1, () => ({ isolated: true })),
    ...random.maybe(0.1, () => ({ vlan: random.pick([7, 'trunk'] as const) })),
    ...random.maybe(0.1, () => ({ filter: random.pick(['clean-traffic', ...HOSTILE_NAMES]) })),
  };
}

const lans = (random: Random): OutsideSegment[] =>
  random.list(0, 4, (i) => ({
    device: random.pick([`eth${i}`, `br${i}`]),
    ...random.maybe(0.7, () => ({ host: random.list(1, 3, (n) => `198.51.100.${n + 1}/24`) })),
    outside: random.list(1, 3, (n) => `2001:db8:${i}:1:2:3:4:${n + 9}/64`),
  }));
