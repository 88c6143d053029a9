import type { Family } from '../../schema/address.js';
import type { Condition, FirewallBackend, Target } from './rule.js';

/** Action of a host's rule, including actions that libvirt's rules never take. */
export type HostTarget =
  | Target
  | { readonly type: 'drop' }
  /** Nothing for the packet, such as counting; or something that this library does not know. */
  | { readonly type: 'other'; readonly text: string };

/** A rule found on a host. */
export interface HostRule {
  readonly backend: FirewallBackend;
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  readonly match: readonly Condition[];
  /** Conditions that libvirt's rules never have, as text; the rule may match less than `match` says. */
  readonly unknown: readonly string[];
  readonly target: HostTarget;
  /** The rule as the host prints it. */
  readonly text: string;
}

/** A chain found on a host. */
export interface HostChain {
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  /** Where packets enter it by themselves, in lower case: `forward`, `input`, `postrouting`, ... */
  readonly hook?: string;
  /** Policy for packets that no rule decides, in lower case. */
  readonly policy?: 'accept' | 'drop';
  readonly rules: readonly HostRule[];
}

/** The firewall of a host, as far as one dump tells. */
export interface HostFirewall {
  readonly backend: FirewallBackend;
  readonly chains: readonly HostChain[];
}

/** Returns the same text for all rules with the same meaning, whatever the order of their conditions. */
export function ruleKey(rule: Pick<HostRule, 'family' | 'match' | 'target'> & { unknown?: readonly string[] }): string {
  const conditions = rule.match.map(conditionKey).sort();
  return JSON.stringify([rule.family, conditions, rule.unknown ?? [], targetKey(rule.target)]);
}

function conditionKey(condition: Condition): string {
  const not = 'not' in condition && condition.not ? '! ' : '';
  return `${not}${condition.field} ${'value' in condition ? condition.value : ''}`;
}

function targetKey(target: HostTarget): string {
  if (target.type === 'jump') return `jump ${target.chain}`;
  if (target.type === 'other') return target.text;
  const ports = 'ports' in target && target.ports ? ` ${target.ports.start}-${target.ports.end}` : '';
  return target.type === 'snat' ? `snat ${target.start}-${target.end}${ports}` : `${target.type}${ports}`;
}
