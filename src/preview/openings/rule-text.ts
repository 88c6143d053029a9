import { shellWord } from '../../shell/quote.js';
import { portText } from '../port-forward/plan.js';
import type { ChainPlace, Opening, OpeningRule } from './opening.js';

/** libvirt's chains for packets through the host, in the order in which they are asked. */
const LIBVIRT_CHAINS = ['LIBVIRT_FWX', 'LIBVIRT_FWI', 'LIBVIRT_FWO'] as const;

/** The rules of iptables or ip6tables that a rule becomes, in words after the name of their chain. */
export const iptablesRules = (rule: OpeningRule, mark: string): readonly (readonly string[])[] =>
  targetsOf(rule).map((target) => iptablesWords(rule, mark, target));

function targetsOf({ decidedByLibvirt, source }: OpeningRule): readonly (readonly string[])[] {
  if (source !== undefined) return [['SNAT', '--to-source', source]];
  return decidedByLibvirt ? LIBVIRT_CHAINS.map((chain) => [chain]) : [['ACCEPT']];
}

function iptablesWords(rule: OpeningRule, mark: string, target: readonly string[]): readonly string[] {
  const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);
  const { protocol, sourcePort, port, icmpType } = rule;
  const states = [rule.answers && 'ESTABLISHED,RELATED', rule.forwarded && 'DNAT'].filter(Boolean);
  return [
    ...option('-s', rule.from),
    ...option('-d', rule.to),
    ...option('-i', rule.in),
    ...option('-o', rule.out),
    ...option('-p', protocol === 'icmpv6' ? 'ipv6-icmp' : protocol),
    ...option('--sport', sourcePort && portText(sourcePort, ':')),
    ...option('--dport', port && portText(port, ':')),
    ...(icmpType === undefined ? [] : icmpWords(protocol, icmpType)),
    ...states.flatMap((state) => ['-m', 'conntrack', '--ctstate', String(state)]),
    ...['-m', 'comment', '--comment', mark, '-j', ...target],
  ];
}

/** ip6tables has other names for some types than nftables. */
const IP6TABLES_TYPES: Readonly<Record<string, string>> = {
  'nd-router-solicit': 'router-solicitation',
  'nd-router-advert': 'router-advertisement',
  'nd-neighbor-solicit': 'neighbour-solicitation',
  'nd-neighbor-advert': 'neighbour-advertisement',
};

const icmpWords = (protocol: OpeningRule['protocol'], type: string): string[] =>
  protocol === 'icmpv6'
    ? ['-m', 'icmp6', '--icmpv6-type', IP6TABLES_TYPES[type] ?? type]
    : ['-m', 'icmp', '--icmp-type', type];

/**
 * A rule in nftables' language. Names of devices stand in quotes there, which no text can leave: what has one is refused
 * before.
 */
export function nftText(rule: OpeningRule, mark: string): string {
  const ip = rule.family === 'ipv4' ? 'ip' : 'ip6';
  const { protocol, sourcePort, port, icmpType } = rule;
  const both = rule.place?.family !== 'ip' && rule.place?.family !== 'ip6';
  const says = rule.from !== undefined || rule.to !== undefined || icmpType !== undefined;
  const words = [
    both && !says && `meta nfproto ${rule.family}`,
    rule.in !== undefined && `iifname "${rule.in}"`,
    rule.out !== undefined && `oifname "${rule.out}"`,
    rule.from !== undefined && `${ip} saddr ${rule.from}`,
    rule.to !== undefined && `${ip} daddr ${rule.to}`,
    sourcePort && `${protocol} sport ${portText(sourcePort, '-')}`,
    port && `${protocol} dport ${portText(port, '-')}`,
    icmpType !== undefined && `${protocol} type ${icmpType}`,
    protocol && !sourcePort && !port && icmpType === undefined && `meta l4proto ${protocolWord(protocol)}`,
    rule.answers && 'ct state established,related',
    rule.forwarded && 'ct status dnat',
    rule.source === undefined ? 'accept' : `snat to ${rule.source}`,
    `comment "${mark}"`,
  ];
  return words.filter((word) => typeof word === 'string').join(' ');
}

const protocolWord = (protocol: string): string => (protocol === 'icmpv6' ? 'ipv6-icmp' : protocol);

/** A command in one line, quoted for a shell. */
export const commandText = (words: readonly string[]): string => words.map(shellWord).join(' ');

/** Tells whether a table is one that an opening makes for itself. */
export const isOwnTable = ({ table }: ChainPlace): boolean => table.startsWith('lvn-');

/** Tells whether the rules of an opening are nftables' own; otherwise they are those of iptables. */
export const isNative = ({ firewall, rules }: Pick<Opening, 'firewall' | 'rules'>): boolean =>
  firewall === 'nftables' ||
  (firewall === 'libvirt' &&
    rules.some(({ place }) => place !== undefined && (place.table === 'libvirt_network' || isOwnTable(place))));
