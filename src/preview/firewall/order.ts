import type { FirewallRule, FirewallStep } from './rule.js';

/** A chain with its rules in the order in which packets meet them. */
export interface RuleChain {
  readonly family: FirewallRule['family'];
  readonly table: string;
  readonly chain: string;
  /** nftables' declaration of a chain that packets enter by themselves. */
  readonly hook?: string | undefined;
  readonly rules: readonly FirewallRule[];
}

/**
 * Returns the chains after all steps: libvirt inserts each rule before the existing ones.
 *
 * @param steps - of {@link firewallBase} and {@link firewallRules}, for several networks in the order of their start
 */
export function effectiveChains(steps: readonly FirewallStep[]): readonly RuleChain[] {
  const chains = new Map<string, RuleChain & { rules: FirewallRule[] }>();
  for (const step of steps) {
    if (step.kind !== 'rule' && step.kind !== 'chain') continue;
    const { family, table, chain = '' } = step;
    const key = [family, table, chain].join(' ');
    const known = chains.get(key);
    if (known === undefined) {
      const hook = step.kind === 'chain' ? step.hook : undefined;
      chains.set(key, { family, table, chain, hook, rules: step.kind === 'rule' ? [step] : [] });
    } else if (step.kind === 'rule') known.rules.unshift(step);
  }
  return [...chains.values()];
}
