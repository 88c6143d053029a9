import type { HostFirewall } from '../../preview/firewall-model/model.js';
import type { FaultOwner } from '../findings.js';

/** Words in the names of tables and chains, by who makes those. */
const NAMES: readonly (readonly [RegExp, FaultOwner])[] = [
  [/\bfirewalld\b/, 'firewalld'],
  [/\bufw6?-/, 'ufw'],
  [/\bDOCKER|docker-bridges/, 'Docker'],
  [/nixos-fw/, 'NixOS'],
  [/\b(?:KUBE|CNI|cali|CILIUM|FLANNEL)-|kube-proxy/, 'Kubernetes'],
  [/\bts-(?:input|forward|postrouting)|wg-quick|mullvad|protonvpn/i, 'VPN'],
  [/libvirt_|LIBVIRT_/, 'libvirt'],
];

/**
 * Tells who made what decides about a packet, from the names of tables and chains in its text. A policy belongs to the
 * program whose chains hang below that of the policy.
 *
 * @param rule - the rule or policy, as the model names it
 */
export function ownerOf(rule: string, { chains }: HostFirewall): FaultOwner {
  const named = NAMES.find(([names]) => names.test(rule))?.[1];
  if (named !== undefined) return named;
  if (rule.includes('(iptables-legacy)')) return 'iptables-legacy';
  const [, chain, family] = /^policy \w+ of chain (\S+) in table (ip6?) filter/.exec(rule) ?? [];
  if (chain !== undefined) return ownerOfPolicy(`${family} ${chain}`, chains);
  return /^-A |^ip6? (?:filter|nat|mangle|raw|security) /.test(rule) ? 'iptables' : 'nftables';
}

/** The programs that set policies of iptables and put their chains beside. */
function ownerOfPolicy(policy: string, chains: HostFirewall['chains']): FaultOwner {
  const own = chains.filter(({ table, family }) => table === 'filter' && policy.startsWith(`${family} `));
  const has = (pattern: RegExp): boolean => own.some(({ chain }) => pattern.test(chain));
  if (has(/^ufw6?-before/)) return 'ufw';
  if (policy.endsWith('FORWARD') && has(/^DOCKER/)) return 'Docker';
  return 'iptables';
}
