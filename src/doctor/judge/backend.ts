import type { FirewallBackend } from '../../preview/firewall/rule.js';
import { isKnownTo } from '../../schema/release.js';
import { releaseOf } from '../../schema/rules/index.js';
import type { Facts } from './facts.js';

/** Tells by which program libvirt filters: by the rules that are there, else by its settings, else by its release. */
export function backendOf({ firewall, evidence }: Facts): FirewallBackend {
  const chains = firewall?.chains ?? [];
  if (chains.some(({ table }) => table === 'libvirt_network')) return 'nftables';
  if (chains.some(({ chain, rules }) => chain.startsWith('LIBVIRT_') && rules.length > 0)) return 'iptables';
  const set = /firewall_backend\s*=\s*"(\w+)"/.exec(evidence.looks.backend ?? '')?.[1];
  if (set === 'nftables' || set === 'iptables') return set;
  return evidence.libvirt !== undefined && isKnownTo(releaseOf({ libvirt: evidence.libvirt }), '10.4.0')
    ? 'nftables'
    : 'iptables';
}
