/** The two address families, as libvirt names them. */
export type Family = 'ipv4' | 'ipv6';

/** An address as a number. */
export interface Address {
  readonly family: Family;
  /** The address as a number. */
  readonly value: bigint;
  /** The address as libvirt prints it. */
  readonly text: string;
}

/** Tells whether a text is an IPv4 address in the one form that libvirt prints; most addresses are, and need no reading. */
export const isPlainIpv4 = (text: string): boolean =>
  /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/.test(text);

/** An address with the prefix of its subnet. */
export interface AddressWithPrefix {
  readonly address: Address;
  readonly prefix: number;
}

/** Reads `192.168.1.10/24` strictly, without leading zeros; `undefined` for anything else, such as an address alone. */
export function parseCidr(text: string): AddressWithPrefix | undefined {
  if (typeof text !== 'string') return undefined; // plain JavaScript passes anything
  const [, host = '', digits] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = parseAddress(host);
  if (address === undefined || digits === undefined || Number(digits) > bitsOf(address.family)) return undefined;
  return { address, prefix: Number(digits) };
}

/** The number of bits of an address. */
export const bitsOf = (family: Family): 32 | 128 => (family === 'ipv4' ? 32 : 128);

/**
 * Reads an address strictly: four decimal numbers without leading zeros, or IPv6 without a zone.
 * `undefined` for anything else.
 */
export function parseAddress(text: string): Address | undefined {
  const address = readAddress(text);
  const isStrict = address?.family === 'ipv6' ? !text.includes('%') : isPlainIpv4(text);
  return isStrict ? address : undefined;
}

/**
 * Reads an address as libvirt does, with `getaddrinfo`: `10.1` is 10.0.0.1, a leading zero means octal,
 * `0x` hexadecimal, and a link-local IPv6 address may name a zone.
 */
export function readAddress(text: string): Address | undefined {
  if (typeof text !== 'string') return undefined; // documents from plain JavaScript may hold anything
  return text.includes(':') ? read6(text) : read4(text);
}

const IPV4 = /^(?:0x[\da-f]+|\d+)(?:\.(?:0x[\da-f]+|\d+)){0,3}$/i;
const IPV6 = /^([\da-f:.]+)(?:%([^\s/'"&<>]+))?$/i;

/** The platform reads the host of a URL as `getaddrinfo` does, and prints it in one form; `undefined` for what is none. */
function hostOf(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined; // URL throws on text that is not an address
  }
}

function read4(text: string): Address | undefined {
  if (!IPV4.test(text)) return undefined;
  const plain = isPlainIpv4(text) ? text : hostOf(text);
  return plain === undefined ? undefined : { family: 'ipv4', value: BigInt(number4(plain)), text: plain };
}

function read6(text: string): Address | undefined {
  const [, bare = '', zone] = IPV6.exec(text) ?? [];
  const host = hostOf(`[${bare}]`);
  if (host === undefined) return undefined;
  const compressed = host.slice(1, -1);
  const value = joined(groupsOf(compressed), 16n);
  const told = zone === undefined ? '' : printedZone(value, zone);
  return told === undefined ? undefined : { family: 'ipv6', value, text: (dotted6(value) ?? compressed) + told };
}

/** Link-local and node-local addresses name a device of the host as their zone; others can only give its number. */
function printedZone(address: bigint, zone: string): string | undefined {
  const isLocal = address >> 118n === 0x3fan || [0xff01n, 0xff02n].includes((address >> 112n) & 0xff0fn);
  if (!/^\d+$/.test(zone)) return isLocal ? `%${zone}` : undefined;
  return Number(zone) === 0 ? '' : `%${Number(zone)}`;
}

/** The eight groups of an IPv6 address in the form of URLs, `2001:db8::1`, as hexadecimal literals. */
function groupsOf(compressed: string): string[] {
  const [head = [], tail = []] = compressed.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => `0x${group}`);
}

/** The number that parts of equal width make. */
const joined = (parts: readonly string[], bits: bigint): bigint =>
  parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);

/** The parts of equal width that make a number. */
const split = (value: bigint, count: number, bits: number): number[] =>
  Array.from({ length: count }, (_, i) => Number(BigInt.asUintN(bits, value >> BigInt(bits * (count - 1 - i)))));

// Numbers are faster than BigInt, and hold an IPv4 address. Every document has many of these.
function number4(plain: string): number {
  let value = 0;
  let part = 0;
  for (let i = 0; i < plain.length; i++) {
    const code = plain.charCodeAt(i);
    if (code === DOT) {
      value = value * 256 + part;
      part = 0;
    } else part = part * 10 + code - ZERO;
  }
  return value * 256 + part;
}
const DOT = 0x2e;
const ZERO = 0x30;

function print4(value: bigint): string {
  const bits = Number(value);
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}

/** glibc prints IPv4-mapped and IPv4-compatible addresses with a dotted tail; RFC 5952 only recommends it. */
function dotted6(value: bigint): string | undefined {
  const tail = BigInt.asUintN(32, value);
  if (value >> 32n === 0xffffn) return `::ffff:${print4(tail)}`;
  return value === tail && tail > 0xffffn ? `::${print4(tail)}` : undefined;
}

function print6(value: bigint): string {
  const dotted = dotted6(value);
  if (dotted !== undefined) return dotted;
  const groups = split(value, 8, 16).map((group) => group.toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** The address with the given number, printed as libvirt prints it. */
export const addressOf = (family: Family, value: bigint): Address => ({
  family,
  value,
  text: family === 'ipv4' ? print4(value) : print6(value),
});

/** The mask of a prefix as a number: 24 bits of IPv4 are 0xffffff00. */
export function maskOf(family: Family, prefix: number): bigint {
  const host = BigInt(bitsOf(family) - prefix);
  return ((1n << BigInt(prefix)) - 1n) << host;
}

/** The prefix of a netmask; `undefined` when its ones are not contiguous. */
export function prefixOfNetmask(netmask: Address): number | undefined {
  const bits = bitsOf(netmask.family);
  const host = netmask.value ^ fullMask(netmask.family);
  // Without gaps the bits of the host part are all ones.
  if ((host & (host + 1n)) !== 0n) return undefined;
  return host === 0n ? bits : bits - host.toString(2).length;
}

/** The first address of the subnet that an address is in. */
export const networkAddress = (address: Address, prefix: number): Address =>
  addressOf(address.family, address.value & maskOf(address.family, prefix));

/** The last address of the subnet that an address is in: the broadcast address of IPv4. */
export const lastAddress = (address: Address, prefix: number): Address =>
  addressOf(address.family, address.value | (fullMask(address.family) ^ maskOf(address.family, prefix)));

const fullMask = (family: Family): bigint => (1n << BigInt(bitsOf(family))) - 1n;

/** Tells whether two addresses are in one subnet of the given prefix. */
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
