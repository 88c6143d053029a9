import ipaddr from 'ipaddr.js';

/** The two address families, as libvirt names them. */
export type Family = 'ipv4' | 'ipv6';

/** One address, ready for arithmetic. */
export interface Address {
  readonly family: Family;
  /** The address as a number. */
  readonly value: bigint;
  /** The address as libvirt prints it. */
  readonly text: string;
}

/** Whether a text is an IPv4 address in the one form that libvirt prints; most addresses are, and need no reading. */
export const isPlainIpv4 = (text: string): boolean =>
  /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/.test(text);

/** The number of bits of an address. */
export const bitsOf = (family: Family): 32 | 128 => (family === 'ipv4' ? 32 : 128);

/**
 * Reads an address strictly: four decimal numbers without leading zeros, or IPv6 without a zone.
 * `undefined` for anything else.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) return text.includes('%') ? undefined : readAddress(text);
  return ipaddr.IPv4.isValidFourPartDecimal(text) ? readAddress(text) : undefined;
}

/**
 * Reads an address as libvirt does, with `getaddrinfo`: `10.1` is 10.0.0.1, a leading zero means octal,
 * `0x` hexadecimal, and a link-local IPv6 address may name a zone.
 */
export function readAddress(text: string): Address | undefined {
  try {
    return text.includes(':') ? address6(text) : address4(text);
  } catch {
    return undefined; // ipaddr.js throws on text that is no address
  }
}

function address4(text: string): Address {
  const parsed = ipaddr.IPv4.parse(text);
  return { family: 'ipv4', value: fromBytes(parsed.octets), text: parsed.toString() };
}

function address6(text: string): Address | undefined {
  // ipaddr.js takes ::1.2.3.4 for ::ffff:1.2.3.4.
  const compatible = /^::(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  if (compatible !== undefined) return addressOf('ipv6', address4(compatible).value);
  const parsed = ipaddr.IPv6.parse(text);
  if (parsed.zoneId !== undefined && parsed.range() !== 'linkLocal') return undefined;
  const zone = parsed.zoneId === undefined ? '' : `%${parsed.zoneId}`;
  return { family: 'ipv6', value: fromBytes(parsed.toByteArray()), text: print6(parsed) + zone };
}

const fromBytes = (bytes: readonly number[]): bigint => {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
};

/** glibc prints IPv4-mapped and IPv4-compatible addresses with a dotted tail; RFC 5952 only recommends it. */
function print6(address: ipaddr.IPv6): string {
  const parts = address.parts;
  const zeros = parts.slice(0, 5).every((part) => part === 0);
  const dotted = zeros && (parts[5] === 0xffff || (parts[5] === 0 && parts[6] !== 0));
  if (!dotted) return new ipaddr.IPv6(parts).toRFC5952String();
  return `${parts[5] === 0 ? '::' : '::ffff:'}${address.toByteArray().slice(12).join('.')}`;
}

/** The address with the given number, printed as libvirt prints it. */
export function addressOf(family: Family, value: bigint): Address {
  const length = bitsOf(family) / 8;
  const bytes = Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn));
  const text = family === 'ipv4' ? bytes.join('.') : print6(new ipaddr.IPv6(bytes));
  return { family, value, text };
}

/** The mask of a prefix as a number: 24 bits of IPv4 are 0xffffff00. */
export function maskOf(family: Family, prefix: number): bigint {
  const host = BigInt(bitsOf(family) - prefix);
  return ((1n << BigInt(prefix)) - 1n) << host;
}

/** The prefix of a netmask; `undefined` when its ones are not contiguous. */
export function prefixOfNetmask(netmask: Address): number | undefined {
  const bits = bitsOf(netmask.family);
  for (let prefix = 0; prefix <= bits; prefix++) {
    if (maskOf(netmask.family, prefix) === netmask.value) return prefix;
  }
  return undefined;
}

/** The first address of the subnet that an address is in. */
export const networkAddress = (address: Address, prefix: number): Address =>
  addressOf(address.family, address.value & maskOf(address.family, prefix));

/** The last address of the subnet that an address is in: the broadcast address of IPv4. */
export const lastAddress = (address: Address, prefix: number): Address =>
  addressOf(address.family, address.value | (fullMask(address.family) ^ maskOf(address.family, prefix)));

const fullMask = (family: Family): bigint => (1n << BigInt(bitsOf(family))) - 1n;

/** Whether two addresses are in one subnet of the given prefix. */
export const sameSubnet = (a: Address, b: Address, prefix: number): boolean =>
  a.family === b.family && ((a.value ^ b.value) & maskOf(a.family, prefix)) === 0n;

/**
 * The prefix that libvirt assumes when a document gives none: the class of an IPv4 address, 64 for
 * IPv6. `undefined` for classes D and E, which have none.
 */
export function naturalPrefix(address: Address): number | undefined {
  if (address.value === 0n) return 0;
  if (address.family === 'ipv6') return 64;
  const first = Number(address.value >> 24n);
  if (first < 128) return 8;
  if (first < 192) return 16;
  return first < 224 ? 24 : undefined;
}
