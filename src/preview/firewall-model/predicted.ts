import type { Family } from '../../schema/address.js';
import { effectiveChains, type RuleChain } from '../firewall/order.js';
import type { FirewallBackend, FirewallStep } from '../firewall/rule.js';
import { iptablesApply } from '../port-forward/iptables.js';
import { nftAccepts, nftTables } from '../port-forward/nftables.js';
import type { ForwardPlan } from '../port-forward/plan.js';
import { hostRuleOf } from './host-rule.js';
import { readIptablesRule } from './iptables-rule.js';
import { chainKey, type HostChain, type HostFirewall, type HostRule, type TableFamily } from './model.js';
import { readNftRule } from './nft-statement.js';
import { iptablesBase } from './read-iptables-save.js';
import { baseOf, readNftText } from './read-nft-text.js';

/** What a host filters by, as far as libvirt and this library make it. */
export interface PredictedRules {
  readonly backend: FirewallBackend;
  /** libvirt's steps for all networks, in the order of their start. */
  readonly steps: readonly FirewallStep[];
  readonly forwards: readonly ForwardPlan[];
  readonly forwardPolicy?: 'accept' | 'drop' | undefined;
  readonly hostInput?: 'accept' | 'drop' | undefined;
}

type Growing = HostChain & { rules: HostRule[] };

/** The firewall of a host on which libvirt has started networks, and nobody else has a say but by two policies. */
export function predictedFirewall(predicted: PredictedRules): HostFirewall {
  const chains = new Chains();
  for (const chain of effectiveChains(predicted.steps)) chains.add(chainOf(chain, predicted.backend));
  for (const plan of predicted.forwards) {
    if (predicted.backend === 'iptables') addIptablesForwards(plan, chains);
    else addNftForwards(plan, chains);
  }
  if (predicted.forwardPolicy === 'drop') chains.dropIn('FORWARD');
  if (predicted.hostInput === 'drop') chains.dropIn('INPUT');
  return { families: ['ipv4', 'ipv6'], chains: chains.all };
}

const tableFamily = (family: Family): TableFamily => (family === 'ipv4' ? 'ip' : 'ip6');

function chainOf({ family, table, chain, hook, rules }: RuleChain, backend: FirewallBackend): Growing {
  const layer = tableFamily(family);
  const base = backend === 'iptables' ? iptablesBase(table, chain, 'accept') : baseOf(layer, hook ?? '');
  const attached = base === undefined ? {} : { base };
  return { family: layer, table, chain, kernel: 'nf_tables', ...attached, rules: rules.map(hostRuleOf) };
}

/** Chains while they are being put together. */
class Chains {
  readonly #byKey = new Map<string, Growing>();

  get all(): readonly HostChain[] {
    return [...this.#byKey.values()];
  }

  add(chain: Growing): void {
    this.#byKey.set(chainKey(chain), chain);
  }

  /** A chain of iptables, made where it does not exist. */
  iptables(family: TableFamily, table: string, chain: string): Growing {
    const place = { family, table, chain, kernel: 'nf_tables' } as const;
    const base = iptablesBase(table, chain, 'accept');
    const known = this.#byKey.get(chainKey(place)) ?? { ...place, ...(base === undefined ? {} : { base }), rules: [] };
    this.add(known);
    return known;
  }

  find(family: TableFamily, table: string, chain: string): Growing | undefined {
    return this.#byKey.get(chainKey({ family, table, chain, kernel: 'nf_tables' }));
  }

  /** Lets a built-in chain drop what no rule decides; one for packets to the host as every firewall makes it. */
  dropIn(name: 'FORWARD' | 'INPUT'): void {
    for (const family of ['ip', 'ip6'] as const) {
      const chain = this.iptables(family, 'filter', name);
      const { base } = chain;
      if (base !== undefined) this.add({ ...chain, base: { ...base, policy: 'drop' } });
      if (name === 'INPUT')
        chain.rules.push(...USUAL_INPUT.map((line) => readIptablesRule(line.split(' '), `-A INPUT ${line}`)));
    }
  }
}

/** The packets that a host's own firewall always accepts: without neighbour discovery IPv6 would not work at all. */
const USUAL_INPUT = [
  '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-i lo -j ACCEPT',
  ...[133, 135, 136].map((type) => `-p ipv6-icmp -m icmp6 --icmpv6-type ${type} -j ACCEPT`),
];

/** Adds port forwards as their hook does: chains of their own, and jumps that come first. */
function addIptablesForwards(plan: ForwardPlan, chains: Chains): void {
  for (const [program, , , table = '', verb, name = '', ...words] of iptablesApply(plan)) {
    const chain = chains.iptables(program === 'iptables' ? 'ip' : 'ip6', table, name);
    const rule = readIptablesRule(words, ['-A', name, ...words].join(' '));
    if (verb === '-A') chain.rules.push(rule);
    if (verb === '-I') chain.rules.unshift(rule);
  }
}

/** Adds port forwards as their hook does: a table of their own, and accepts at the head of libvirt's chain. */
function addNftForwards(plan: ForwardPlan, chains: Chains): void {
  for (const chain of readNftText(nftTables(plan))) chains.add({ ...chain, rules: [...chain.rules] });
  for (const line of nftAccepts(plan)) {
    const [, family, rule = ''] = /^insert rule (\S+) libvirt_network forward (.*)$/.exec(line) ?? [];
    const chain = chains.find(family === 'ip6' ? 'ip6' : 'ip', 'libvirt_network', 'forward');
    chain?.rules.unshift(...readNftRule(rule, new Map()));
  }
}
