import { bitsOf, parseAddress } from '../../schema/address.js';
import { BOND_MODES } from '../../schema/interface.js';

/** A kind of single values in netplan's files. */
export type TextKind =
  | 'text'
  | 'bool'
  | 'number'
  | 'vlan'
  | 'ip'
  | 'hop'
  | 'ipv4'
  | 'ipv6'
  | 'network'
  | 'mac'
  | 'renderer'
  | 'activation'
  | 'identifier'
  | 'generation'
  | 'optional'
  | 'pattern'
  | 'driver'
  | 'priority'
  | 'route-type'
  | 'scope'
  | 'family'
  | 'bond';

interface Texts {
  /** What it is, after "is not". */
  readonly expected: string;
  readonly accepts: (text: string) => boolean;
}

const oneOf = (expected: string, ...words: readonly string[]): Texts => ({
  expected,
  accepts: (text) => words.includes(text),
});
/** Words in whatever case. */
const words = (expected: string, known: readonly string[]): Texts => ({
  expected,
  accepts: (text) => known.includes(text.toLowerCase()),
});
const upTo = (expected: string, most: number): Texts => ({
  expected,
  // Read as C reads it: no text at all is 0.
  accepts: (text) => /^(?:[\t-\r ]*(?:\+?\d+|-0+))?$/.test(text) && Number(text) <= most,
});
const isIp = (text: string): boolean => parseAddress(text) !== undefined;

/** Of routes netplan looks at the address alone, and hands on whatever follows a slash. */
const isHop = (text: string): boolean => /^[^/]+(?:\/[^/]*)?$/.test(text) && isIp(text.replace(/\/.*/, ''));

/**
 * Tells whether netplan takes a text for an address with a prefix. It reads the prefix as C does: `/08` and `/8x` count as 8,
 * and are handed on as they are.
 */
export function isNetplanAddress(text: string): boolean {
  const [, host = '', digits] = /^([^/]+)\/[\t-\r ]*\+?(\d+)[^/]*$/.exec(text) ?? [];
  const address = parseAddress(host);
  return address !== undefined && Number(digits) > 0 && Number(digits) <= bitsOf(address.family);
}

const ROUTE_TYPES = [
  ...['unicast', 'anycast', 'blackhole', 'broadcast', 'local', 'multicast'],
  ...['nat', 'prohibit', 'throw', 'unreachable', 'xresolve'],
];

/** What netplan accepts. MAC addresses may be words for NetworkManager, since netplan 1.0. */
export const TEXTS: Readonly<Record<TextKind, Texts>> = {
  text: { expected: 'text', accepts: () => true },
  bool: { expected: 'a truth value', accepts: (text) => /^(?:true|on|yes|y|false|off|no|n)$/i.test(text) },
  number: upTo('a whole number', 0xffff_ffff),
  vlan: upTo('a VLAN id of 0 to 4094', 4094),
  ip: { expected: 'an address', accepts: isIp },
  hop: { expected: 'an address', accepts: isHop },
  ipv4: { expected: 'an IPv4 address', accepts: (text) => parseAddress(text)?.family === 'ipv4' },
  ipv6: { expected: 'an IPv6 address', accepts: (text) => parseAddress(text)?.family === 'ipv6' },
  network: { expected: 'a network', accepts: (text) => text === 'default' || isHop(text) },
  mac: {
    expected: 'a MAC address',
    accepts: (text) =>
      /^(?:[0-9a-f]{2}:){5}(?:[0-9a-f]{2}|(?:[0-9a-f]{2}:){14}[0-9a-f]{2})$/i.test(text) ||
      /^(?:permanent|random|stable|stable-ssid|preserve)$/.test(text),
  },
  renderer: oneOf('a renderer', 'networkd', 'NetworkManager', 'sriov'),
  activation: oneOf("'manual' or 'off'", 'manual', 'off'),
  identifier: oneOf("'mac' or 'duid'", 'mac', 'duid'),
  generation: oneOf("'eui64' or 'stable-privacy'", 'eui64', 'stable-privacy'),
  pattern: { expected: 'a name or a pattern of names', accepts: (text) => /^\S+$/.test(text) },
  driver: { expected: 'a driver or a pattern of drivers', accepts: (text) => !/\s/.test(text) },
  priority: upTo('a priority of 0 to 63', 63),
  'route-type': words('a type of routes', ROUTE_TYPES),
  scope: words("'global', 'link' or 'host'", ['global', 'link', 'host']),
  optional: oneOf('a way to get addresses', 'ipv4-ll', 'ipv6-ra', 'dhcp4', 'dhcp6', 'static'),
  family: oneOf("'ipv4' or 'ipv6'", 'ipv4', 'ipv6'),
  bond: oneOf('a mode of bonds', ...BOND_MODES, 'active-backup', 'balance-tcp', 'balance-slb'),
};
