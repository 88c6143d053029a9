import type { Family } from '../../schema/address.js';
import { numberOf, within } from '../flow/addresses.js';

/** A packet at a port of a switch, as OVN's expressions see it. */
export interface PacketAtPort {
  readonly family: Family;
  readonly source: bigint;
  readonly destination: bigint;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  /** Port of the receiver, for TCP and UDP. */
  readonly port: number | undefined;
  readonly etherSource: string;
  /** Names of the ports by which it comes in, and goes out. */
  readonly inport: string;
  readonly outport: string;
}

/** Members of port groups, by the names of the groups. */
export type PortGroups = ReadonlyMap<string, ReadonlySet<string>>;

/** Tells whether a packet matches. */
export type Matcher = (packet: PacketAtPort, groups: PortGroups) => boolean;

/**
 * Reads an expression of OVN, as far as rows of networks have them: comparisons that all must hold.
 *
 * @throws Error for what no row of a network has
 */
export function matcherOf(text: string): Matcher {
  const parts = text.split(' && ').map(partOf);
  return (packet, groups) => parts.every((holds) => holds(packet, groups));
}

const KINDS: Readonly<Record<string, Matcher>> = {
  ip: () => true,
  ip4: ({ family }) => family === 'ipv4',
  ip6: ({ family }) => family === 'ipv6',
  icmp4: ({ family, protocol }) => family === 'ipv4' && protocol === 'icmp',
  icmp6: ({ family, protocol }) => family === 'ipv6' && protocol === 'icmp',
  tcp: ({ protocol }) => protocol === 'tcp',
  udp: ({ protocol }) => protocol === 'udp',
};

function partOf(text: string): Matcher {
  const kind = KINDS[text];
  if (kind !== undefined) return kind;
  const [, field = '', operator = '', value = ''] = /^(\S+) (==|!=|>=|<=) (.+)$/.exec(text) ?? [];
  const found = portPart(field, value) ?? addressPart(field, operator, value) ?? numberPart(field, operator, value);
  if (found !== undefined) return found;
  if (field === 'eth.src' && operator === '!=') return ({ etherSource }) => etherSource !== value.toLowerCase();
  throw new Error(`an expression of OVN that no network has: ${text}`);
}

function portPart(field: string, value: string): Matcher | undefined {
  if (field !== 'inport' && field !== 'outport') return undefined;
  if (value.startsWith('@')) return (packet, groups) => groups.get(value.slice(1))?.has(packet[field]) === true;
  return (packet) => JSON.stringify(packet[field]) === value;
}

function addressPart(field: string, operator: string, value: string): Matcher | undefined {
  const [, version, side] = /^ip([46])\.(src|dst)$/.exec(field) ?? [];
  if (version === undefined) return undefined;
  const family = version === '4' ? 'ipv4' : 'ipv6';
  const isAmong = setOf(value);
  const isWanted = operator === '==';
  return (packet) =>
    packet.family === family && isAmong(side === 'src' ? packet.source : packet.destination) === isWanted;
}

/** Addresses and subnets, in braces where there are several. */
function setOf(text: string): (value: bigint) => boolean {
  const members = text
    .replace(/^\{|\}$/g, '')
    .split(', ')
    .map(rangeOf);
  return (value) => members.some((has) => has(value));
}

function rangeOf(member: string): (value: bigint) => boolean {
  if (member.includes('/')) return within(member);
  const own = numberOf(member);
  return (value) => value === own;
}

function numberPart(field: string, operator: string, value: string): Matcher | undefined {
  const [, protocol] = /^(tcp|udp)\.dst$/.exec(field) ?? [];
  if (protocol === undefined) return undefined;
  const wanted = Number(value);
  return (packet) => packet.protocol === protocol && compare(packet.port ?? 0, operator, wanted);
}

function compare(own: number, operator: string, wanted: number): boolean {
  if (operator === '>=') return own >= wanted;
  return operator === '<=' ? own <= wanted : own === wanted;
}
