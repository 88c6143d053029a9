import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BaseNetwork, type FlowGuest, Network, type Topology } from '../../src/index.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/hosts');

/** A host that was recorded: a release of libvirt and the firewall that its rules are in. */
export interface Recording {
  readonly libvirt: '9.0' | '11.3';
  readonly backend: 'iptables' | 'nftables';
}

/** Those that `npx tsx test/fixtures/record-hosts.ts` makes. */
export const RECORDINGS: readonly Recording[] = [
  { libvirt: '9.0', backend: 'iptables' },
  { libvirt: '11.3', backend: 'iptables' },
  { libvirt: '11.3', backend: 'nftables' },
];

export const folderOf = ({ libvirt, backend }: Recording): string => join(FIXTURES, `libvirt-${libvirt}-${backend}`);

/** The networks of a recorded host, in the order of their start. */
export const NETWORK_NAMES = [
  ...['nat', 'nat6', 'nataddr', 'natdev', 'natisol', 'route', 'open', 'isolated', 'noip', 'hostbridge'],
] as const;

export const networkText = (name: string): string => readFileSync(join(FIXTURES, 'networks', `${name}.xml`), 'utf8');

/** A host with two LANs: one at a device of its own, one at a bridge without an address. */
const OUTSIDE = [
  {
    device: 'ext0',
    host: ['198.51.100.1/24', '2001:db8:ffff::1/64', '198.51.100.10/32', '198.51.100.11/32'],
    outside: ['198.51.100.2/24', '2001:db8:ffff::2/64'],
  },
  { device: 'br-lan', outside: ['203.0.113.1/24'] },
];

/** Addresses of guests on networks that have no subnet. */
const FOREIGN: Readonly<Record<string, string>> = { noip: '192.168.200', hostbridge: '203.0.113' };

/** The recorded host as the library knows it. */
export function topologyOf(recording: Recording): Topology {
  const networks = NETWORK_NAMES.map((name) => Network.parse(networkText(name), { libvirt: recording.libvirt }));
  const [isolated] = networks.filter(({ name }) => name === 'isolated');
  const guests = networks.flatMap((network) => [guestOf(network, 'a'), guestOf(network, 'b')]);
  // One more guest has a default route set by hand: what keeps its packets in is the firewall alone.
  const forced = isolated === undefined ? [] : [{ ...guestOf(isolated, 'c'), gateway: true }];
  return { ...recording, outside: OUTSIDE, networks, guests: [...guests, ...forced] };
}

function guestOf(network: BaseNetwork, letter: 'a' | 'b' | 'c'): FlowGuest {
  const { name } = network;
  const last = { a: 11, b: 12, c: 13 }[letter];
  const foreign = FOREIGN[name];
  const addresses =
    foreign === undefined ? subnetsOf(network).map((own) => own.replace(/1$/, `${last}`)) : [`${foreign}.${last}/24`];
  return { name: `${name}-${letter}`, network: name, addresses, ...(name === 'noip' ? { gateway: false } : {}) };
}

/** The host's addresses on a network; each ends in 1. */
export const subnetsOf = ({ document }: BaseNetwork): string[] => (document.ips ?? []).map(({ address }) => address);
