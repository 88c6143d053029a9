import { parseAddress } from '../../schema/address.js';
import { BOND_MODES } from '../../schema/interface.js';
import { parseCidr } from '../address.js';

/** A kind of single values in netplan's files. */
export type TextKind =
  | 'text'
  | 'bool'
  | 'number'
  | 'vlan'
  | 'ip'
  | 'ipv4'
  | 'ipv6'
  | 'network'
  | 'mac'
  | 'renderer'
  | 'activation'
  | 'identifier'
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
const upTo = (expected: string, most: number): Texts => ({
  expected,
  accepts: (text) => /^\+?\d+$/.test(text) && Number(text) <= most,
});
const isIp = (text: string): boolean => parseAddress(text) !== undefined;

/** What netplan accepts. MAC addresses may be words for NetworkManager, since netplan 1.0. */
export const TEXTS: Readonly<Record<TextKind, Texts>> = {
  text: { expected: 'text', accepts: () => true },
  bool: { expected: 'a truth value', accepts: (text) => /^(?:true|on|yes|y|false|off|no|n)$/i.test(text) },
  number: upTo('a whole number', 0xffff_ffff),
  vlan: upTo('a VLAN id of 0 to 4094', 4094),
  ip: { expected: 'an address', accepts: (text) => isIp(text) || parseCidr(text) !== undefined },
  ipv4: { expected: 'an IPv4 address', accepts: (text) => parseAddress(text)?.family === 'ipv4' },
  ipv6: { expected: 'an IPv6 address', accepts: (text) => parseAddress(text)?.family === 'ipv6' },
  network: {
    expected: 'a network',
    accepts: (text) => text === 'default' || isIp(text) || parseCidr(text) !== undefined,
  },
  mac: {
    expected: 'a MAC address',
    accepts: (text) =>
      /^(?:[0-9a-f]{2}:){5}(?:[0-9a-f]{2}|(?:[0-9a-f]{2}:){14}[0-9a-f]{2})$/i.test(text) ||
      /^(?:permanent|random|stable|stable-ssid|preserve)$/.test(text),
  },
  renderer: oneOf('a renderer', 'networkd', 'NetworkManager', 'sriov'),
  activation: oneOf("'manual' or 'off'", 'manual', 'off'),
  identifier: oneOf("'mac' or 'duid'", 'mac', 'duid'),
  family: oneOf("'ipv4' or 'ipv6'", 'ipv4', 'ipv6'),
  bond: oneOf('a mode of bonds', ...BOND_MODES, 'active-backup', 'balance-tcp', 'balance-slb'),
};
