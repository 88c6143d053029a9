import { nftExpression } from '../firewall/commands.js';
import type { Condition, FirewallRule } from '../firewall/rule.js';
import { saveLine } from '../firewall/save.js';
import type { HostCondition, HostRule } from './model.js';

/** A rule that libvirt makes, as it appears on a host. */
export const hostRuleOf = (rule: FirewallRule): HostRule => ({
  match: rule.match.map(hostConditionOf),
  unknown: [],
  target: rule.target,
  text: rule.backend === 'iptables' ? saveLine(rule) : nftExpression(rule).join(' '),
});

function hostConditionOf(condition: Condition): HostCondition {
  if (condition.field === 'established') return { field: 'connectionState', values: ['established', 'related'] };
  const { field, value } = condition;
  return { field, values: [String(value)], ...('not' in condition && condition.not ? { not: true } : {}) };
}
