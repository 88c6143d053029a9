import type { HostCondition, HostField } from './model.js';
import { addressValue, icmpType, macValue, portsOf, protocolName } from './names.js';
import type { Tokens } from './nft-tokens.js';

/** The named sets and maps of a table, by name: their elements as text. */
export type NamedSets = ReadonlyMap<string, readonly string[]>;

/** What a condition compares, before the values. */
export interface Left {
  readonly field: HostField;
  /** Conditions that hold besides, such as the protocol of a port. */
  readonly implied: readonly HostCondition[];
  /** Rewrites a value into the form of conditions; nothing for a value that it does not know. */
  readonly value: (text: string) => string | undefined;
}

const asIs = (text: string): string => text;
const left = (field: HostField, value: Left['value'] = asIs, implied: Left['implied'] = []): Left => ({
  field,
  implied,
  value,
});
const is = (field: HostField, value: string): HostCondition => ({ field, values: [value] });

const FAMILY_OF_TYPE: Readonly<Record<string, string>> = { ip: 'ipv4', ip6: 'ipv6', arp: 'arp' };
const familyName = (text: string): string => FAMILY_OF_TYPE[text] ?? text;

const portText = (text: string): string | undefined => (portsOf(text) === undefined ? undefined : text);
const broadcastOnly = (text: string): string | undefined =>
  text === 'broadcast' || text === 'multicast' ? text : undefined;
const number = (text: string): string | undefined => (/^\d+$/.test(text) ? text : undefined);
const mark = (text: string): string | undefined =>
  /^(0x[\da-f]+|\d+)$/i.test(text) ? `0x${Number(text).toString(16)}` : undefined;

/** The expressions that this library knows, by their words. */
const KNOWN: Readonly<Record<string, Left>> = {
  iif: left('inInterface'),
  iifname: left('inInterface'),
  oif: left('outInterface'),
  oifname: left('outInterface'),
  'meta l4proto': left('protocol', protocolName),
  'meta nfproto': left('family'),
  'meta protocol': left('family', familyName),
  'ether type': left('family', familyName),
  'ether saddr': left('etherSource', macValue),
  'ether daddr': left('etherDestination', macValue),
  'arp operation': left('arpOperation', asIs, [is('family', 'arp')]),
  'arp saddr ip': left('arpSource', addressValue, [is('family', 'arp')]),
  'arp daddr ip': left('arpDestination', addressValue, [is('family', 'arp')]),
  'arp saddr ether': left('arpSourceMac', macValue, [is('family', 'arp')]),
  'arp daddr ether': left('arpDestinationMac', macValue, [is('family', 'arp')]),
  'meta pkttype': left('destinationType', broadcastOnly),
  'meta mark': left('mark', mark),
  mark: left('mark', mark),
  'ip saddr': left('source', addressValue, [is('family', 'ipv4')]),
  'ip daddr': left('destination', addressValue, [is('family', 'ipv4')]),
  'ip6 saddr': left('source', addressValue, [is('family', 'ipv6')]),
  'ip6 daddr': left('destination', addressValue, [is('family', 'ipv6')]),
  'ip protocol': left('protocol', protocolName, [is('family', 'ipv4')]),
  'ip6 nexthdr': left('protocol', protocolName, [is('family', 'ipv6')]),
  'ip ttl': left('hopLimit', number, [is('family', 'ipv4')]),
  'ip6 hoplimit': left('hopLimit', number, [is('family', 'ipv6')]),
  'tcp sport': left('sourcePort', portText, [is('protocol', 'tcp')]),
  'tcp dport': left('destinationPort', portText, [is('protocol', 'tcp')]),
  'udp sport': left('sourcePort', portText, [is('protocol', 'udp')]),
  'udp dport': left('destinationPort', portText, [is('protocol', 'udp')]),
  'th sport': left('sourcePort', portText),
  'th dport': left('destinationPort', portText),
  'icmp type': left('icmpType', (text) => icmpType('icmp', text), [is('protocol', 'icmp')]),
  'icmpv6 type': left('icmpType', (text) => icmpType('icmpv6', text), [is('protocol', 'icmpv6')]),
  'ct state': left('connectionState'),
  'ct status': left('connectionStatus'),
  'rt type': left('routingHeader', number, [is('family', 'ipv6')]),
};

/** Takes the words before the values of a condition; nothing, and no word, for an expression that is not known. */
export function takeLeft(tokens: Tokens): Left | undefined {
  if (tokens.peek() === 'fib') return takeFib(tokens);
  for (const length of [3, 2, 1]) {
    const words = Array.from({ length }, (_, i) => tokens.peek(i)).join(' ');
    const known = Object.hasOwn(KNOWN, words) ? KNOWN[words] : undefined;
    // A dot joins several expressions, which have to hold together.
    if (known === undefined || tokens.peek(length) === '.') continue;
    for (let i = 0; i < length; i++) tokens.take();
    return known;
  }
  return undefined;
}

const REVERSE_PATH: Readonly<Record<string, string>> = { missing: 'missing', '0': 'missing', exists: 'found' };

function takeFib(tokens: Tokens): Left | undefined {
  const words: string[] = [];
  for (let i = 1; tokens.peek(i) !== '' && !['oif', 'oifname', 'type'].includes(tokens.peek(i)); i++)
    words.push(tokens.peek(i));
  const result = tokens.peek(words.length + 1);
  const field =
    result !== 'type'
      ? words.includes('saddr') && words.includes('iif')
        ? 'reversePath'
        : undefined
      : words.includes('saddr')
        ? 'sourceType'
        : 'destinationType';
  if (field === undefined) return undefined;
  for (let i = 0; i < words.length + 2; i++) tokens.take();
  return field === 'reversePath' ? left(field, (text) => REVERSE_PATH[text]) : left(field);
}

/**
 * Takes the operator and the values of a condition.
 *
 * @returns the conditions, or nothing when a value or operator is not known
 */
export function takeConditions(tokens: Tokens, what: Left, sets: NamedSets): readonly HostCondition[] | undefined {
  const mask = tokens.takeOneOf('&', 'and') === undefined ? undefined : mark(tokens.take());
  const not = tokens.takeOneOf('!=', '==', 'in') === '!=';
  const values = tokens.takeValues().flatMap((value) => elementsOf(value, sets) ?? ['']);
  const plain = values.map((value) => what.value(value.replace(/^=+ /, '')));
  if (values.length === 0 || !plain.every((value) => value !== undefined && value !== '')) return undefined;
  const masked = plain.map((value) => (mask === undefined ? `${value}` : `${value}/${mask}`));
  return [...what.implied, { field: what.field, values: masked, ...(not ? { not: true as const } : {}) }];
}

/** The elements of a named set, or the value itself; nothing for a set that the ruleset does not show. */
const elementsOf = (value: string, sets: NamedSets): readonly string[] | undefined =>
  value.startsWith('@') ? sets.get(value.slice(1)) : [value];
