import { RELEASE_10 } from '../release.js';
import { eachOf, type ForeignReporter, type GivenParams } from '../rules/context.js';
import { checkUnescaped } from '../rules/unsafe.js';
import { COMMENT_BYTES, defaultPriority, joinMatches } from './canonical.js';
import type { FilterDocument, FilterRule } from './filter.js';
import { type FilterReference, isKeptParameter } from './filterref.js';
import type { AnyMatch, FilterProtocol } from './matches.js';
import { packetProtocol } from './numbers.js';
import { FILTER_PROTOCOLS, MATCH_TABLES } from './protocols.js';
import { FILTER_RULES, type FilterRuleId } from './rules.js';
import { protocolOf, signsOf } from './signs.js';
import { isVariable } from './variable.js';

type Report = (rule: FilterRuleId, path: string, params?: GivenParams) => void;

/** Reports the rules for filters that a document of the right shape breaks. */
export function checkFilter(filter: FilterDocument, context: ForeignReporter): void {
  const report: Report = (...found) => context.reportFrom(FILTER_RULES, ...found);
  checkUnescaped(context, filter.name, 'name');
  if (filter.name?.includes('/')) report('FILTER_NAME_SLASH', 'name', { value: filter.name });
  checkChain(filter, report);
  eachOf(filter.entries, 'entries', ({ rule, filterref }, path) => {
    if ((rule === undefined) === (filterref === undefined)) report('FILTER_ENTRY', path);
    if (rule !== undefined) checkRule(rule, `${path}.rule`, context.release, report);
    if (filterref === undefined) return;
    const { filter: value } = filterref;
    if (value === filter.name) report('FILTER_SELF', `${path}.filterref.filter`, { value });
    checkReference(filterref, `${path}.filterref`, context);
  });
}

/** Reports what is wrong with a reference: a name that libvirt prints malformed, and parameters that it drops. */
export function checkReference({ filter, parameters }: FilterReference, path: string, context: ForeignReporter): void {
  checkUnescaped(context, filter, `${path}.filter`);
  eachOf(parameters, `${path}.parameters`, (one, at) => {
    if (isKeptParameter(one)) return;
    context.reportFrom(FILTER_RULES, 'FILTER_PARAMETER_DROPPED', at, { name: one.name ?? '', value: one.value ?? '' });
  });
}

const CHAIN = /^(?:root$|(?!root)(?:mac|vlan|stp|arp|rarp|ipv4|ipv6))/;

function checkChain({ chain, priority }: FilterDocument, report: Report): void {
  if (chain === undefined || chain === '') {
    if (priority !== undefined) report('FILTER_PRIORITY_DROPPED', 'priority');
    return;
  }
  if (priority === 0 && defaultPriority(chain) !== 0)
    report('FILTER_PRIORITY_ZERO', 'priority', { chain, value: defaultPriority(chain) });
  const params = { value: chain };
  if (new TextEncoder().encode(chain).length > 12) report('FILTER_CHAIN_LONG', 'chain', params);
  else if (!/^[a-zA-Z0-9_.:-]*$/.test(chain)) report('FILTER_CHAIN_CHARACTER', 'chain', params);
  else if (!CHAIN.test(chain)) report('FILTER_CHAIN_NAME', 'chain', params);
}

function checkRule(rule: FilterRule, path: string, release: number, report: Report): void {
  const protocols = FILTER_PROTOCOLS.filter((protocol) => rule[protocol] !== undefined);
  if (protocols.length > 1) report('FILTER_PROTOCOLS', path, { protocols: protocols.join(' and ') });
  const protocol = protocolOf(rule);
  if (protocol === undefined) return;
  const at = `${path}.${protocol}`;
  const matches: readonly AnyMatch[] = rule[protocol] ?? [];
  if (matches.length === 0) report('FILTER_NO_MATCH', at, { protocol });
  const unfit = portsWithoutProtocol(protocol, matches, release);
  if (unfit !== -1) report('FILTER_PORTS', `${at}[${unfit}]`, { protocol });
  checkSigns(protocol, matches, at, report);
  checkComments(protocol, matches, at, report);
  eachOf(matches, at, (match, place) => checkMatch(protocol, match, place, report));
}

function checkMatch(protocol: FilterProtocol, match: AnyMatch, path: string, report: Report): void {
  const bytes = new TextEncoder().encode(match.comment ?? '').length;
  if (bytes > COMMENT_BYTES) report('FILTER_COMMENT_CUT', `${path}.comment`, { limit: COMMENT_BYTES });
  if (protocol === 'tcp-ipv6' && 'flags' in match) report('FILTER_FLAGS_DROPPED', `${path}.flags`);
  if (!('ipset' in match) || match.ipset === undefined || /^all\b/.test(protocol)) return;
  const isFlagged = 'ipsetflags' in match && match.ipsetflags !== undefined;
  report(isFlagged ? 'FILTER_SET_DROPPED' : 'FILTER_SET_FLAGS', `${path}.ipset`, { protocol });
}

/** Packets of one protocol: a value of dscp overwrites what libvirt knows of a comment that it has read before. */
function checkComments(protocol: FilterProtocol, matches: readonly AnyMatch[], path: string, report: Report): void {
  if (!('connlimitAbove' in MATCH_TABLES[protocol].fields)) return;
  const noted = matches.findLastIndex(({ comment }) => comment !== undefined);
  const valued = matches.findLastIndex(
    (match) => 'dscp' in match && match.dscp !== undefined && !isVariable(match.dscp),
  );
  if (noted !== -1 && noted < valued) report('FILTER_COMMENT_LOST', `${path}[${noted}].comment`);
}

const PORTS = ['srcportstart', 'srcportend', 'dstportstart', 'dstportend'];

/**
 * Returns the index of the first element with ports whose protocol has none. Since 10.0, which is assumed, libvirt looks at
 * all elements together, before at those up to each.
 */
function portsWithoutProtocol(protocol: FilterProtocol, matches: readonly AnyMatch[], release: number): number {
  if (protocol !== 'ip' && protocol !== 'ipv6') return -1;
  return matches.findIndex((match, i) => {
    const items = joinMatches(protocol, release < RELEASE_10 ? matches.slice(0, i + 1) : matches);
    return PORTS.some((port) => port in match) && !hasPorts(items.get('protocol')?.value);
  });
}

/** Tells whether packets of a protocol have ports: those of TCP, UDP, DCCP and SCTP. */
const hasPorts = (protocol: unknown): boolean =>
  ['tcp', 'udp', 'sctp', '33', '0x21'].includes(packetProtocol.read(String(protocol))?.toString() ?? '');

/** What `match` says of some attributes counts nothing: they take the sign of another one. */
function checkSigns(protocol: FilterProtocol, matches: readonly AnyMatch[], path: string, report: Report): void {
  const items = joinMatches(protocol, matches);
  const others = signsOf(protocol);
  eachOf(matches, path, ({ match, ...values }, at) => {
    for (const [property, item] of Object.entries(values)) {
      const [other, now] = [others[property], items.get(property)];
      if (other === undefined || item === undefined || now === undefined) continue;
      if (now.negated === (match === false)) continue;
      report('FILTER_SIGN', `${at}.${property}`, { property, other, meaning: now.negated ? 'without' : 'with' });
    }
  });
}
