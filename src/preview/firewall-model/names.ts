import { parseAddress, parseCidr } from '../../schema/address.js';
import type { PortSpan } from '../firewall/rule.js';
import type { HostHook, TableFamily } from './model.js';

/** Names of ICMP's types that decide about a guest's network, by protocol and number. */
const ICMP_TYPES: Readonly<Record<string, string>> = {
  'icmp 0': 'echo-reply',
  'icmp 3': 'destination-unreachable',
  'icmp 8': 'echo-request',
  'icmp 11': 'time-exceeded',
  'icmp 12': 'parameter-problem',
  'icmpv6 1': 'destination-unreachable',
  'icmpv6 2': 'packet-too-big',
  'icmpv6 3': 'time-exceeded',
  'icmpv6 4': 'parameter-problem',
  'icmpv6 128': 'echo-request',
  'icmpv6 129': 'echo-reply',
  'icmpv6 133': 'nd-router-solicit',
  'icmpv6 134': 'nd-router-advert',
  'icmpv6 135': 'nd-neighbor-solicit',
  'icmpv6 136': 'nd-neighbor-advert',
};

/** The name of a type of ICMP; a number that has none stays. */
export const icmpType = (protocol: string, type: string): string =>
  ICMP_TYPES[`${protocol} ${type.replace(/\/.*/, '')}`] ?? type;

const PROTOCOLS: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmpv6',
  'ipv6-icmp': 'icmpv6',
};

/** The name of a protocol as nftables prints it. */
export const protocolName = (name: string): string => PROTOCOLS[name] ?? name;

const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

const BRIDGE_PRIORITIES: Readonly<Record<string, number>> = { dstnat: -300, filter: -200, out: 100, srcnat: 300 };

/** Reads a priority as nft prints it, such as `filter + 10`; 0 for what it does not know. */
export function priorityOf(family: TableFamily, text: string): number {
  const [, name = '', sign = '', offset = '0'] = /^([a-z]+|-?\d+)(?: ([+-]) (\d+))?$/.exec(text.trim()) ?? [];
  const base = (family === 'bridge' ? BRIDGE_PRIORITIES : PRIORITIES)[name] ?? (Number(name) || 0);
  return sign === '-' ? base - Number(offset) : base + Number(offset);
}

const HOOKS: readonly HostHook[] = [
  ...(['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress', 'egress'] as const),
];

export const hookOf = (text: string): HostHook | undefined => HOOKS.find((hook) => hook === text);

/** The family of a table; nothing for one that this library does not know. */
export const tableFamilyOf = (text: unknown): TableFamily | undefined =>
  (['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'] as const).find((family) => family === text);

/** An address, subnet or range in the form of conditions; nothing for other text. */
export function addressValue(text: string): string | undefined {
  const [start = '', end] = text.split('-');
  if (end !== undefined) return parseAddress(start) && parseAddress(end) ? text : undefined;
  const address = parseAddress(text);
  if (address !== undefined) return `${address.text}/${address.family === 'ipv4' ? 32 : 128}`;
  const cidr = parseCidr(text);
  return cidr === undefined ? undefined : `${cidr.address.text}/${cidr.prefix}`;
}

const MAC = /^[\da-f]{1,2}(?::[\da-f]{1,2}){5}$/;

/** A MAC address in the form of conditions, two digits a byte; nothing for other text. */
export function macValue(text: string): string | undefined {
  const known = text.toLowerCase();
  return MAC.test(known) ? known.replace(/(?<![\da-f])[\da-f](?![\da-f])/g, '0$&') : undefined;
}

/** Reads `53`, `80-90` or `80:90`. */
export function portsOf(text: string): PortSpan | undefined {
  const [, start, end = start] = /^(\d+)(?:[-:](\d+))?$/.exec(text) ?? [];
  return start === undefined ? undefined : { start: Number(start), end: Number(end) };
}
