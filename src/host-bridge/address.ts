import { type Address, bitsOf, type Family, networkAddress, parseAddress, sameSubnet } from '../schema/address.js';

/** An address with the prefix of its subnet. */
export interface Cidr {
  readonly address: Address;
  readonly prefix: number;
  /** In the one spelling that all systems print: `2001:db8::1/64`. */
  readonly text: string;
}

/** Reads `192.168.1.10/24`; `undefined` for anything else, such as an address without a prefix. */
export function parseCidr(value: string): Cidr | undefined {
  const [, host = '', digits = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(value) ?? [];
  const address = parseAddress(host);
  const prefix = Number(digits);
  if (address === undefined || prefix > bitsOf(address.family)) return undefined;
  return { address, prefix, text: `${address.text}/${prefix}` };
}

/** Tells whether an address is in the subnet of another. */
export const isOn = (cidr: Cidr, address: Address): boolean => sameSubnet(cidr.address, address, cidr.prefix);

/** The network that an address with its prefix is in, as text. */
export const networkOf = ({ address, prefix }: Cidr): string => `${networkAddress(address, prefix).text}/${prefix}`;

/** The family of an address or a CIDR, by its spelling. */
export const familyOf = (text: string): Family => (text.includes(':') ? 'ipv6' : 'ipv4');

/** The network that holds all addresses. */
export const EVERYWHERE: Readonly<Record<Family, string>> = { ipv4: '0.0.0.0/0', ipv6: '::/0' };

/** An address or a CIDR in its one spelling; text that is none stays as it is. */
export const plainAddress = (text: string): string => parseCidr(text)?.text ?? parseAddress(text)?.text ?? text;
