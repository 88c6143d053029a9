import {
  type Address,
  type AddressWithPrefix,
  type Family,
  maskOf,
  networkAddress,
  parseAddress,
  parseCidr as readCidr,
} from '../schema/address.js';

/** An address with the prefix of its subnet. */
export interface Cidr extends AddressWithPrefix {
  /** In the one spelling that all systems print: `2001:db8::1/64`. */
  readonly text: string;
}

/** Reads `192.168.1.10/24`; `undefined` for anything else, such as an address without a prefix. */
export function parseCidr(value: string): Cidr | undefined {
  const read = readCidr(value);
  return read && { ...read, text: `${read.address.text}/${read.prefix}` };
}

/** Returns a function that tells whether an address is in one of some subnets. It takes no longer for many than for few. */
export function insideOf(subnets: readonly Cidr[]): (address: Address) => boolean {
  const networks = new Set(subnets.map(({ address, prefix }) => networkKey(address, prefix)));
  const prefixes = [...new Set(subnets.map(({ prefix }) => prefix))];
  return (address) => prefixes.some((prefix) => networks.has(networkKey(address, prefix)));
}

const networkKey = ({ family, value }: Address, prefix: number): string =>
  `${family} ${prefix} ${value & maskOf(family, prefix)}`;

/** The network that an address with its prefix is in, as text. */
export const networkOf = ({ address, prefix }: Cidr): string => `${networkAddress(address, prefix).text}/${prefix}`;

/** The family of an address or a CIDR, by its spelling. */
export const familyOf = (text: string): Family => (text.includes(':') ? 'ipv6' : 'ipv4');

/** The network that holds all addresses. */
export const EVERYWHERE: Readonly<Record<Family, string>> = { ipv4: '0.0.0.0/0', ipv6: '::/0' };

/** An address or a CIDR in its one spelling; text that is none stays as it is. */
export const plainAddress = (text: string): string => parseCidr(text)?.text ?? parseAddress(text)?.text ?? text;
