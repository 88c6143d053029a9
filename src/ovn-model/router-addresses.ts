import {
  type Address,
  type AddressWithPrefix,
  lastAddress,
  networkAddress,
  parseCidr,
  sameSubnet,
} from '../schema/address.js';

/** Loopback, multicast and what is above it, and addresses without meaning. */
const OF_NO_HOST = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3', '::/127', 'ff00::/8'];

/** Tells whether a machine can have an address in its subnet. */
export function isOfHost({ address, prefix }: AddressWithPrefix): boolean {
  if (OF_NO_HOST.some((cidr) => isIn(address, cidr))) return false;
  const bits = address.family === 'ipv4' ? 32 : 128;
  if (bits - prefix < 2) return true; // a subnet of one or two addresses has no others
  const isFirst = networkAddress(address, prefix).value === address.value;
  const isLast = address.family === 'ipv4' && lastAddress(address, prefix).value === address.value;
  return !isFirst && !isLast;
}

/** Tells whether an address is in a subnet, given as text. */
export function isIn(address: Address, cidr: string): boolean {
  const subnet = parseCidr(cidr);
  return subnet?.address.family === address.family && sameSubnet(subnet.address, address, subnet.prefix);
}
