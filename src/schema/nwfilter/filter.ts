import {
  attribute,
  type ElementTable,
  type Extra,
  element,
  type FieldFacts,
  leaf,
  many,
  one,
  optional,
} from '../element.js';
import { int32, oneOf, type Scalar, text, uuid } from '../scalar.js';
import { type FilterReference, filterReferenceTable } from './filterref.js';
import type { FilterMatches } from './matches.js';
import { MATCH_TABLES } from './protocols.js';
import { stateMatch } from './words.js';

/** Fate of a packet that a rule is for. `return` leaves the chain, `continue` goes on with the next rule. */
export type FilterAction = 'drop' | 'accept' | 'reject' | 'return' | 'continue';

/** Way of a packet as the guest sees it: `in` is towards the guest. */
export type FilterDirection = 'in' | 'out' | 'inout';

/** `<rule>`: a decision, and the packets that it is for. A rule is about one protocol, or without any about all packets. */
export interface FilterRule extends FilterRuleMatches {
  readonly action: FilterAction;
  readonly direction: FilterDirection;
  /** Place of the rule, -1000 to 1000: low ones come first. Default: 500. */
  readonly priority?: number;
  /** `false` leaves connections out of account: the rule is for single packets. Default: true. */
  readonly statematch?: boolean;
  readonly extra?: Extra;
}

/** The packets of a rule: matches of one protocol. libvirt joins several of them. */
export type FilterRuleMatches = { readonly [P in keyof FilterMatches]?: readonly FilterMatches[P][] };

/** The lowest and highest priority of a rule or a chain. */
const PRIORITIES = [-1000, 1000] as const;

const isPriority = (value: number | undefined): value is number =>
  value !== undefined && value >= PRIORITIES[0] && value <= PRIORITIES[1];

/** Priority of a chain. */
const chainPriority: Scalar<number> = {
  label: 'integer from -1000 to 1000',
  range: PRIORITIES,
  read: (value) => {
    const number = int32.read(value);
    return isPriority(number) ? number : undefined;
  },
  write: String,
  accepts: (value) => Number.isInteger(value) && isPriority(Number(value)),
};

/** Priority of a rule: libvirt takes 500 in place of a number that is out of range. */
const rulePriority: Scalar<number> = {
  ...chainPriority,
  read: (value) => (int32.read(value) === undefined ? undefined : (chainPriority.read(value) ?? 500)),
  misread: (value) => (chainPriority.read(value) === undefined ? 'WORD_REWRITTEN' : undefined),
};

/** Before 10.0, which is assumed, it did the same for text that is not a number. */
const laxPriority: Scalar<number> = { ...rulePriority, read: (value) => chainPriority.read(value) ?? 500 };

const PRIORITY: FieldFacts = {
  empty: 'value',
  invalid: 'ATTR_INVALID',
  readSince: { release: '10.0.0', scalar: rulePriority },
};

/** libvirt refuses an empty word as it refuses any other. */
const WORD: FieldFacts = { empty: 'value', invalid: 'ATTR_ENUM' };

const matchesOf = <P extends keyof FilterMatches>(protocol: P) => optional(many(MATCH_TABLES[protocol]));

export const filterRuleTable: ElementTable<FilterRule> = element(
  'rule',
  {
    action: attribute('action', oneOf('drop', 'accept', 'reject', 'return', 'continue'), WORD),
    direction: attribute('direction', oneOf('in', 'out', 'inout'), WORD),
    priority: optional(attribute('priority', laxPriority, PRIORITY)),
    statematch: optional(attribute('statematch', stateMatch, { empty: 'value' })),
    arp: matchesOf('arp'),
    rarp: matchesOf('rarp'),
    mac: matchesOf('mac'),
    vlan: matchesOf('vlan'),
    stp: matchesOf('stp'),
    ip: matchesOf('ip'),
    ipv6: matchesOf('ipv6'),
    tcp: matchesOf('tcp'),
    udp: matchesOf('udp'),
    udplite: matchesOf('udplite'),
    esp: matchesOf('esp'),
    ah: matchesOf('ah'),
    sctp: matchesOf('sctp'),
    icmp: matchesOf('icmp'),
    all: matchesOf('all'),
    igmp: matchesOf('igmp'),
    'tcp-ipv6': matchesOf('tcp-ipv6'),
    'udp-ipv6': matchesOf('udp-ipv6'),
    'udplite-ipv6': matchesOf('udplite-ipv6'),
    'esp-ipv6': matchesOf('esp-ipv6'),
    'ah-ipv6': matchesOf('ah-ipv6'),
    'sctp-ipv6': matchesOf('sctp-ipv6'),
    icmpv6: matchesOf('icmpv6'),
    'all-ipv6': matchesOf('all-ipv6'),
  },
  { anyNamespace: true },
);

/** A rule, or a filter that stands in its place: exactly one of the two. */
export interface FilterEntry {
  readonly rule?: FilterRule;
  readonly filterref?: FilterReference;
  readonly extra?: Extra;
}

/**
 * Rules and filters stand in one list in a document, in an order that counts. A table has a field for each name, so
 * reading wraps each of them in an element, and writing unwraps them. No element of a text can have its name.
 */
export const filterEntryTable: ElementTable<FilterEntry> = element(
  'filter ',
  { rule: optional(one(filterRuleTable)), filterref: optional(one(filterReferenceTable)) },
  { anyNamespace: true },
);

/** `<filter>`: rules for the traffic of guests. Source: libvirt's network filters page. */
export interface FilterDocument {
  /** Unique name on the host, without `/`. */
  readonly name: string;
  /**
   * Chain that the rules are in: `root`, or a name that begins with mac, vlan, stp, arp, rarp, ipv4 or ipv6, of at most 12
   * letters, digits and `_ . : -`. Default: `root`.
   */
  readonly chain?: string;
  /**
   * Place of the chain, -1000 to 1000: low ones come first. Counts only with {@link FilterDocument.chain}. Default: by the
   * beginning of its name mac -800, vlan -750, ipv4 -700, ipv6 -600, arp -500, rarp -400, others 0.
   */
  readonly priority?: number;
  /** Identity. Default: libvirt makes one. */
  readonly uuid?: string;
  /** Rules and included filters, in their order. */
  readonly entries?: readonly FilterEntry[];
  readonly extra?: Extra;
}
export const filterTable: ElementTable<FilterDocument> = element('filter', {
  name: attribute('name', text),
  chain: optional(attribute('chain', text)),
  priority: optional(attribute('priority', chainPriority, { invalid: 'ATTR_INVALID' })),
  uuid: optional(leaf('uuid', uuid, { invalid: 'UUID_MALFORMED' })),
  entries: optional(many(filterEntryTable)),
});
