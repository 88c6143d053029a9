import { bitsOf, type Family } from '../../schema/address.js';
import type { AddressType, FilterPacket } from '../firewall-model/packet.js';
import { numberOf } from './addresses.js';
import { keyOf, type NetworkModel } from './network-model.js';

export const FAMILY_NAMES: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

/** The link-local address that stands for any guest's. */
const LINK_LOCAL = numberOf('fe80::2');

/** Properties that all packets of neighbours have, which ask for routers and hardware addresses. */
export const neighbourPacket = (
  family: Family,
  { inBy, outBy, icmpType }: Pick<FilterPacket, 'inBy' | 'outBy' | 'icmpType'>,
): FilterPacket => ({
  family: family === 'ipv4' ? 'arp' : 'ipv6',
  protocol: family === 'ipv4' ? 'arp' : 'icmpv6',
  source: LINK_LOCAL,
  destination: numberOf('ff02::1'),
  sourcePort: undefined,
  destinationPort: undefined,
  icmpType,
  inBy,
  outBy,
  // Connection tracking leaves them alone.
  state: 'untracked',
  dnat: false,
  snat: false,
  mark: 0,
  hopLimit: 255,
  typeOf: () => 'multicast',
  hasReversePath: () => true,
});

/** Somebody who is asked for a hardware address, or asks: what is known of him. */
export interface Neighbour {
  readonly mac: string | undefined;
  readonly address: bigint | undefined;
}

const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const NOBODY = '00:00:00:00:00:00';

/** A frame with the question of one neighbour for the other, or with the answer. */
function withMacs(packet: FilterPacket, isQuestion: boolean, from: Neighbour, to: Neighbour): FilterPacket {
  const arp = {
    operation: isQuestion ? 'request' : 'reply',
    source: from.address,
    destination: to.address,
    sourceMac: from.mac,
    destinationMac: isQuestion ? NOBODY : to.mac,
  } as const;
  const etherDestination = !isQuestion ? to.mac : packet.family === 'arp' ? BROADCAST : undefined;
  return { ...packet, etherSource: from.mac, etherDestination, ...(packet.family === 'arp' ? { arp } : {}) };
}

/** The packets by which two neighbours find each other, as a host gets and sends them. */
export function neighbourPackets(
  family: Family,
  device: string,
  { asker, node, other }: Neighbours,
): { readonly incoming: FilterPacket; readonly outgoing: FilterPacket } {
  const [question, answer] = ['nd-neighbor-solicit', 'nd-neighbor-advert'];
  const [heard, said] = asker === 'node' ? [question, answer] : [answer, question];
  const incoming = neighbourPacket(family, { inBy: device, outBy: '', icmpType: heard });
  const outgoing = neighbourPacket(family, { inBy: '', outBy: device, icmpType: said });
  return {
    incoming: withMacs(incoming, asker === 'node', node, other),
    outgoing: withMacs(outgoing, asker !== 'node', other, node),
  };
}

/** Two neighbours: one, and the host or another one. */
interface Neighbours {
  readonly asker: 'host' | 'node';
  readonly node: Neighbour;
  readonly other: Neighbour;
}

/** A packet of UDP that a service of the host gets or sends. */
export const servicePacket = (
  source: string,
  destination: string,
  [sourcePort, destinationPort]: readonly [number | undefined, number | undefined],
): Partial<FilterPacket> => ({
  source: numberOf(source),
  destination: numberOf(destination),
  protocol: 'udp',
  sourcePort,
  destinationPort,
  icmpType: undefined,
  state: 'new',
  dnat: false,
  snat: false,
});

/** What the kernel knows of an address. */
export function typeOfAddress(model: NetworkModel, family: Family, address: bigint): AddressType {
  const bits = BigInt(bitsOf(family));
  const first = address >> (bits - 8n);
  if (family === 'ipv6') {
    if (first === 0xffn) return 'multicast';
    return address === 1n || model.hostAddresses.has(keyOf(family, address)) ? 'local' : 'unicast';
  }
  if (address === 0xffffffffn) return 'broadcast';
  if (first === 127n || model.hostAddresses.has(keyOf(family, address))) return 'local';
  if (first >= 224n && first < 240n) return 'multicast';
  return model.broadcasts.has(address) ? 'broadcast' : 'unicast';
}
