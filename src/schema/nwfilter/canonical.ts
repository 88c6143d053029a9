import type { Extra } from '../element.js';
import { RELEASE_10 } from '../release.js';
import { compact } from '../values.js';
import type { FilterDocument, FilterEntry, FilterRule } from './filter.js';
import { canonicalParameters, type FilterReference } from './filterref.js';
import type { AnyMatch, FilterProtocol } from './matches.js';
import { MATCH_TABLES } from './protocols.js';
import { protocolOf, signsOf } from './signs.js';

/** A value of a match, and whether packets with it are meant or all others. */
interface Item {
  readonly value: unknown;
  readonly negated: boolean;
}
type Items = Map<string, Item>;

/** Joins the matches of a rule as libvirt does: of each attribute the last counts, and some take the sign of another. */
export function joinMatches(protocol: FilterProtocol, matches: readonly AnyMatch[]): Items {
  const items: Items = new Map();
  for (const { match, extra: _, ...values } of matches)
    for (const [key, value] of Object.entries(values))
      if (value !== undefined) items.set(key, { value, negated: match === false });
  for (const [key, other] of Object.entries(signsOf(protocol))) {
    const item = items.get(key);
    if (item !== undefined) items.set(key, { ...item, negated: items.get(other)?.negated ?? false });
  }
  return withoutDropped(protocol, items);
}

/**
 * libvirt keeps a set only where all protocols are meant; elsewhere one without flags, and no other. It does
 * not read flags of TCP over IPv6.
 */
function withoutDropped(protocol: FilterProtocol, items: Items): Items {
  if (protocol === 'tcp-ipv6') items.delete('flags');
  if (/^all\b/.test(protocol)) return items;
  if (items.has('ipset') && !items.has('ipsetflags')) return items;
  items.delete('ipset');
  items.delete('ipsetflags');
  return items;
}

/** Since 10.0, which is assumed, the plain values come first; before, a new element begins wherever the sign changes. */
function groupsOf(protocol: FilterProtocol, items: Items, release: number): (readonly [string, Item])[][] {
  const inOrder = Object.keys(MATCH_TABLES[protocol].fields).flatMap((key) => {
    const item = items.get(key);
    return item === undefined ? [] : [[key, item] as const];
  });
  if (release >= RELEASE_10)
    return [inOrder.filter(([, { negated }]) => !negated), inOrder.filter(([, { negated }]) => negated)];
  const groups: (readonly [string, Item])[][] = [];
  for (const entry of inOrder) {
    const last = groups.at(-1);
    if (last?.[0]?.[1].negated === entry[1].negated) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

/** The values of a rule as elements, at least one, with what is kept of those that were read. */
function matchesFrom(protocol: FilterProtocol, items: Items, { matches, release }: Given): AnyMatch[] {
  const groups = groupsOf(protocol, items, release).filter(({ length }) => length > 0);
  const extra = joinedExtra(matches);
  return (groups.length === 0 ? [[]] : groups).map((group, i) => ({
    ...(group[0]?.[1].negated ? { match: false } : {}),
    ...Object.fromEntries(group.map(([key, { value }]) => [key, key === 'comment' ? cutComment(value) : value])),
    ...(i === 0 && extra !== undefined ? { extra } : {}),
  }));
}

/** The matches of a rule, and the release that they are for. */
interface Given {
  readonly matches: readonly AnyMatch[];
  readonly release: number;
}

/** The matches of a rule as libvirt holds them. */
const canonicalMatches = (protocol: FilterProtocol, given: Given): AnyMatch[] =>
  matchesFrom(protocol, joinMatches(protocol, given.matches), given);

/** The matches of a rule as libvirt prints them: sets that it keeps beside one protocol get flags, which never are negated. */
function printedMatches(protocol: FilterProtocol, given: Given): readonly AnyMatch[] {
  const items = joinMatches(protocol, given.matches);
  if (/^all\b/.test(protocol) || !items.has('ipset')) return given.matches;
  return matchesFrom(protocol, items.set('ipsetflags', { value: 'src', negated: false }), given);
}

/** What is kept of all elements stands in the first. */
function joinedExtra(matches: readonly AnyMatch[]): Extra | undefined {
  const kept = matches.flatMap(({ extra }) => (extra === undefined ? [] : [extra]));
  if (kept.length < 2) return kept[0];
  const elements = kept.flatMap((extra) => extra.elements ?? []);
  const attributes = kept.map((extra) => extra.attributes ?? {});
  return compact({
    attributes: attributes.some((one) => Object.keys(one).length > 0) ? Object.assign({}, ...attributes) : undefined,
    elements: elements.length > 0 ? elements : undefined,
  });
}

/** The number of bytes of a note that libvirt keeps. */
export const COMMENT_BYTES = 256;

/** Returns a note without what libvirt cuts off. */
function cutComment(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const bytes = new TextEncoder().encode(value);
  return bytes.length <= COMMENT_BYTES ? value : new TextDecoder().decode(bytes.slice(0, COMMENT_BYTES));
}

/** The default priorities of chains, by the beginning of their names. */
const PRIORITIES: readonly (readonly [prefix: string, priority: number])[] = [
  ['mac', -800],
  ['vlan', -750],
  ['stp', 0],
  ['arp', -500],
  ['rarp', -400],
  ['ipv4', -700],
  ['ipv6', -600],
];

/** The priority that libvirt gives a chain. */
export const defaultPriority = (chain: string): number =>
  PRIORITIES.find(([prefix]) => chain.startsWith(prefix))?.[1] ?? 0;

/** The priority of a filter's chain: it counts only beside a chain. */
const priorityOf = ({ chain, priority }: FilterDocument): number =>
  chain === undefined || chain === '' ? 0 : (priority ?? defaultPriority(chain));

/** A filter as libvirt holds it: defaults filled in, the matches of each rule joined, parameters sorted. */
export const canonicalFilter = (filter: FilterDocument, release: number): FilterDocument =>
  compact({
    ...filter,
    chain: filter.chain || 'root',
    priority: priorityOf(filter),
    entries: filter.entries?.map((entry) => canonicalEntry(entry, release)),
  });

const canonicalEntry = ({ rule, filterref, ...entry }: FilterEntry, release: number): FilterEntry =>
  compact({
    ...entry,
    rule: rule && canonicalRule(rule, release),
    filterref: filterref && canonicalReference(filterref),
  });

function canonicalRule(rule: FilterRule, release: number): FilterRule {
  const protocol = protocolOf(rule);
  const { priority = 500, statematch, ...others } = rule;
  const matches = protocol === undefined ? undefined : rule[protocol];
  return compact({
    ...others,
    priority,
    statematch: statematch === false ? false : undefined,
    ...(protocol === undefined ? {} : { [protocol]: canonicalMatches(protocol, { matches: matches ?? [], release }) }),
  });
}

/**
 * A filter as libvirt prints it, which is not always what it holds: it leaves out a priority of 0, which the chain may not
 * have by itself, and adds flags to some sets.
 */
export function printedFilter({ priority, ...filter }: FilterDocument, release: number): FilterDocument {
  const entries = filter.entries?.map(({ rule, ...entry }) =>
    compact({ ...entry, rule: rule && printedRule(rule, release) }),
  );
  return compact({ ...filter, priority: priority === 0 ? undefined : priority, entries });
}

function printedRule(rule: FilterRule, release: number): FilterRule {
  const protocol = protocolOf(rule);
  if (protocol === undefined) return rule;
  return { ...rule, [protocol]: printedMatches(protocol, { matches: rule[protocol] ?? [], release }) };
}

/** A reference to a filter as libvirt holds it. */
export const canonicalReference = (reference: FilterReference): FilterReference =>
  compact({ ...reference, parameters: canonicalParameters(reference.parameters) });
