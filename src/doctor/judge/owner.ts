import type { HostChain, HostFirewall } from '../../preview/firewall-model/model.js';
import { firewallOfChain } from '../../preview/openings/owner.js';
import type { FaultOwner } from '../findings.js';

/** Words in the names of tables and chains of programs that leave no place for openings, by who makes those. */
const NAMES: readonly (readonly [RegExp, FaultOwner])[] = [
  [/\bdocker-bridges\b/, 'docker'],
  [/\bnixos-fw/, 'NixOS'],
  [/\b(?:KUBE|CNI|cali|CILIUM|FLANNEL)-|\bkube-proxy\b/, 'Kubernetes'],
  [/\bts-(?:input|forward|postrouting)\b|\bwg-quick|\bmullvad\b|\bprotonvpn/i, 'VPN'],
];

/**
 * Tells who made what decides about a packet.
 *
 * @param rule - the rule or policy, as the model of packets names it
 */
export function ownerOf(rule: string, firewall: HostFirewall): FaultOwner {
  const named = NAMES.find(([names]) => names.test(rule))?.[1];
  if (named !== undefined) return named;
  const chain = chainOf(rule, firewall);
  return chain === undefined ? 'host' : firewallOfChain(chain, firewall);
}

/** The chain that a rule or policy stands in: its text begins with the chain, or says in which table the policy is. */
export function chainOf(rule: string, { chains }: HostFirewall): HostChain | undefined {
  const saved = /^-A (\S+) /.exec(rule)?.[1];
  if (saved !== undefined)
    return chains.find(({ chain, rules }) => chain === saved && rules.some(({ text }) => text === rule));
  const policy = /^policy \w+ of chain (?<chain>\S+) in table (?<table>\w+ \S+)/.exec(rule)?.groups;
  const { table, chain } =
    policy ?? /^(?<table>\w+ \S+)(?: \(iptables-legacy\))? (?<chain>\S+): /.exec(rule)?.groups ?? {};
  const kernel = rule.includes('(iptables-legacy)') ? 'ip_tables' : 'nf_tables';
  return chains.find((one) => one.kernel === kernel && `${one.family} ${one.table}` === table && one.chain === chain);
}
