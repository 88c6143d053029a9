import { addressOf, parseAddress } from '../schema/address.js';
import type { Route } from '../schema/network/ip.js';

/** Where a network's own route leads, in CIDR form. */
export function destinationOf({ family = 'ipv4', address, prefix = 0 }: Route): string {
  return `${address === undefined ? addressOf(family, 0n).text : (parseAddress(address)?.text ?? address)}/${prefix}`;
}
