import { Subnet } from '../../model/subnet.js';
import { maskOf, parseAddress } from '../../schema/address.js';

/** Tells whether an address, as a number, is in a subnet. */
export function within(cidr: string): (value: bigint) => boolean {
  const { family, network, prefix } = Subnet.parse(cidr);
  const [mask, wanted] = [maskOf(family, prefix), numberOf(network)];
  return (value) => (value & mask) === wanted;
}

/** The number of an address that is known to be one. */
export const numberOf = (address: string): bigint => parseAddress(address)?.value ?? 0n;
