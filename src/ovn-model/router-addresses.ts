import {
  type Address,
  type AddressWithPrefix,
  bitsOf,
  type Family,
  lastAddress,
  networkAddress,
} from '../schema/address.js';

/** Addresses that begin with the same bits. */
interface Block {
  readonly family: Family;
  /** How many bits follow those. */
  readonly rest: bigint;
  readonly first: bigint;
}

/** Loopback, multicast and what is above it, and addresses without meaning. */
const OF_NO_HOST: readonly Block[] = [
  { family: 'ipv4', rest: 24n, first: 0n }, // 0.0.0.0/8
  { family: 'ipv4', rest: 24n, first: 127n }, // 127.0.0.0/8
  { family: 'ipv4', rest: 29n, first: 7n }, // 224.0.0.0/3
  { family: 'ipv6', rest: 1n, first: 0n }, // ::/127
  { family: 'ipv6', rest: 120n, first: 0xffn }, // ff00::/8
];

/** fe80::/10 */
const LINK_LOCAL: Block = { family: 'ipv6', rest: 118n, first: 0x3fan };

/** Tells whether a machine can have an address in its subnet. */
export function isOfHost({ address, prefix }: AddressWithPrefix): boolean {
  if (OF_NO_HOST.some((block) => isIn(address, block))) return false;
  if (bitsOf(address.family) - prefix < 2) return true; // a subnet of one or two addresses has no others
  const isFirst = networkAddress(address, prefix).value === address.value;
  const isLast = address.family === 'ipv4' && lastAddress(address, prefix).value === address.value;
  return !isFirst && !isLast;
}

/** Tells whether an address holds only between neighbours. */
export const isLinkLocal = (address: Address): boolean => isIn(address, LINK_LOCAL);

const isIn = (address: Address, { family, rest, first }: Block): boolean =>
  address.family === family && address.value >> rest === first;
