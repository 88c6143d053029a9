import { LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import { Subnet } from '../../model/subnet.js';
import { optionsOf } from '../../options/options.js';
import { type HostChain, type HostFirewall, type HostRule, ruleKey } from './host-rule.js';
import { FIREWALL_OPTIONS, type FirewallOptions, firewallRules } from './index.js';
import { effectiveChains } from './order.js';
import type { Condition, FirewallRule } from './rule.js';

/** Status of a rule of libvirt on a host. */
export interface RuleStatus {
  readonly rule: FirewallRule;
  /** `shadowed`: it is there, but something before it decides about its packets, or another table drops them. */
  readonly state: 'present' | 'missing' | 'shadowed';
  /** For a shadowed rule: the rule or policy that decides, as the host prints it. */
  readonly by?: string;
}

/**
 * Looks for a network's rules in the firewall of a host: which are there, which are missing, which never get a packet
 * because another rule comes first. For iptables, IPv4 and IPv6 are read from two dumps: pass one at a time, and only
 * the rules of its family are looked for.
 *
 * @param network - as it runs, with a bridge name
 * @param host - of {@link readIptablesSave} or {@link readNftRuleset}
 * @param options - the host's backend and libvirt release
 * @throws {@link ValidationError} for a network that libvirt would not define
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the dump is not one of the backend
 */
export function checkFirewall(
  network: BaseNetwork,
  host: HostFirewall,
  options: FirewallOptions,
): readonly RuleStatus[] {
  optionsOf(options, FIREWALL_OPTIONS, 'checkFirewall');
  if (host.backend !== options.backend) {
    throw new LibvirtError('INVALID_ARGUMENT', `the dump is one of ${host.backend}, not of ${options.backend}`, {
      hint: 'read iptables-save with readIptablesSave, and nft -j list ruleset with readNftRuleset',
    });
  }
  const families = new Set(host.chains.map(({ family }) => family));
  const rules = firewallRules(network, options).filter((step) => step.kind === 'rule');
  return effectiveChains(rules)
    .flatMap((chain) => chain.rules)
    .filter(({ family }) => families.has(family))
    .map((rule) => statusOf(rule, rules, host));
}

function statusOf(rule: FirewallRule, own: readonly FirewallRule[], host: HostFirewall): RuleStatus {
  const chain = chainOf(host, rule, rule.chain);
  const key = ruleKey(rule);
  const index = chain?.rules.findIndex((one) => ruleKey(one) === key) ?? -1;
  if (chain === undefined || index === -1) return { rule, state: 'missing' };
  const expected = new Set(own.filter((one) => one.chain === rule.chain && one.table === rule.table).map(ruleKey));
  const earlier = chain.rules.slice(0, index).filter((one) => !expected.has(ruleKey(one)));
  const by = decided(rule, earlier, host) ?? decidedBefore(rule, chain, host) ?? droppedElsewhere(rule, host);
  return by === undefined ? { rule, state: 'present' } : { rule, state: 'shadowed', by };
}

const chainOf = (
  host: HostFirewall,
  { family, table }: FirewallRule | HostChain,
  name: string,
): HostChain | undefined =>
  host.chains.find((one) => one.family === family && one.table === table && one.chain === name);

/** The first of some rules that takes every packet of a rule away from it, and does something else. */
function decided(rule: FirewallRule, earlier: readonly HostRule[], host: HostFirewall, depth = 0): string | undefined {
  for (const one of earlier) {
    if (!covers(one, rule.match)) continue;
    if (one.target.type === 'jump') {
      const chain = depth < 16 ? chainOf(host, rule, one.target.chain) : undefined;
      const inside = chain && decided(rule, chain.rules, host, depth + 1);
      if (inside !== undefined) return inside;
    } else if (one.target.type === 'return' && depth > 0) {
      return undefined; // back to the chain that jumped here
    } else if (one.target.type !== 'other' && one.target.type !== rule.target.type) return one.text;
  }
  return undefined;
}

/** Finds a decision before the jump into libvirt's chain. */
function decidedBefore(rule: FirewallRule, chain: HostChain, host: HostFirewall): string | undefined {
  for (const parent of host.chains) {
    if (parent.family !== chain.family || parent.table !== chain.table) continue;
    const index = parent.rules.findIndex((one) => one.target.type === 'jump' && one.target.chain === chain.chain);
    if (index === -1) continue;
    const others = parent.rules
      .slice(0, index)
      .filter(({ target }) => target.type !== 'jump' || !/^(LIBVIRT|guest)_/.test(target.chain));
    return decided(rule, others, host);
  }
  return chain.hook === undefined ? `nothing leads to the chain ${chain.chain}` : undefined;
}

/** Another table at the same place has its own say: what it drops stays dropped, whoever accepts it elsewhere. */
function droppedElsewhere(rule: FirewallRule, host: HostFirewall): string | undefined {
  if (rule.target.type !== 'accept' || rule.backend !== 'nftables') return undefined;
  for (const chain of host.chains) {
    if (chain.hook !== 'forward' || chain.family !== rule.family || chain.table === rule.table) continue;
    const by = decided(rule, chain.rules, host);
    if (by !== undefined) return by;
    const accepted = chain.rules.some((one) => one.target.type === 'accept' && covers(one, rule.match));
    if (chain.policy === 'drop' && !accepted) return `policy drop of chain ${chain.chain} in table ${chain.table}`;
  }
  return undefined;
}

/** Tells whether a rule takes at least every packet that some conditions let through. */
const covers = (rule: HostRule, match: readonly Condition[]): boolean =>
  rule.unknown.length === 0 && rule.match.every((wide) => match.some((narrow) => isWithin(narrow, wide)));

function isWithin(narrow: Condition, wide: Condition): boolean {
  if (narrow.field !== wide.field) return false;
  if (wide.field !== 'source' && wide.field !== 'destination') {
    return !('value' in wide) || ('value' in narrow && narrow.value === wide.value);
  }
  if (narrow.field !== wide.field || narrow.not !== wide.not) return false;
  return narrow.value === wide.value || (!wide.not && Subnet.parse(wide.value).contains(narrow.value));
}
