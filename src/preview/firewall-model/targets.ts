import type { HostTarget } from './model.js';

/** Targets of iptables that are not chains and decide nothing about whether a packet passes. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['LOG', 'NFLOG', 'ULOG', 'AUDIT', 'CONNMARK', 'TCPMSS', 'TRACE', 'CLASSIFY', 'DSCP', 'TOS', 'TTL', 'HL', 'SET'],
  ...['CONNSECMARK', 'SECMARK', 'RATEEST', 'IDLETIMER', 'LED', 'TEE', 'ECN'],
]);

/** Targets of iptables that may decide in a way that this library does not model. */
const UNKNOWN: ReadonlySet<string> = new Set([
  ...[
    'MARK',
    'CT',
    'TPROXY',
    'NFQUEUE',
    'QUEUE',
    'SYNPROXY',
    'NETMAP',
    'TARPIT',
    'CLUSTERIP',
    'DNPT',
    'SNPT',
    'MIRROR',
  ],
]);

/** Tells whether a word after `-j` names a target, not a chain. */
export const isExtension = (name: string): boolean => HARMLESS.has(name) || UNKNOWN.has(name);

/** Targets of iptables that nft shows by their names alone. */
const NAMED: Readonly<Record<string, HostTarget>> = {
  CHECKSUM: { type: 'checksum' },
  MASQUERADE: { type: 'masquerade' },
  NOTRACK: { type: 'notrack' },
  REJECT: { type: 'reject' },
};

/** The action of a target of iptables, by its name and options. */
export function extensionTarget([name = '', ...options]: readonly string[]): HostTarget {
  if (HARMLESS.has(name)) return { type: 'none' };
  return NAMED[name] ?? { type: 'unknown', text: [name, ...options].join(' ') };
}
