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

/** The packets by which two neighbours find each other, as a host gets and sends them. */
export function neighbourPackets(
  family: Family,
  device: string,
  asker: 'host' | 'node',
): { readonly incoming: FilterPacket; readonly outgoing: FilterPacket } {
  const [question, answer] = ['nd-neighbor-solicit', 'nd-neighbor-advert'];
  const [heard, said] = asker === 'node' ? [question, answer] : [answer, question];
  return {
    incoming: neighbourPacket(family, { inBy: device, outBy: '', icmpType: heard }),
    outgoing: neighbourPacket(family, { inBy: '', outBy: device, icmpType: said }),
  };
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
