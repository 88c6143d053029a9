import type { HostChain, HostFirewall } from '../firewall-model/model.js';
import type { LostAt } from '../flow/network-model.js';
import type { PreviewNetwork } from '../network.js';
import { zoneFor } from './firewalld-zones.js';
import type { Opening, OpeningFirewall, OpeningRule } from './opening.js';
import { firewallOfChain } from './owner.js';
import { chainFor } from './with-openings.js';

/** A rule, and the firewall that it is added to. */
export interface PlacedRule extends Pick<Opening, 'firewall' | 'zone' | 'binds'> {
  readonly rule: OpeningRule;
}

/** The hooks that programs let others add rules to. */
const OWN_HOOKS: ReadonlySet<string> = new Set(['input', 'forward', 'output']);

/**
 * The places where a rule may end the drop of a chain, the best first: the place that the program of the chain has for
 * such rules, then the chain itself. None in chains of libvirt, which makes them again by itself.
 */
export function placesFor(
  rule: OpeningRule,
  { chain }: LostAt,
  { firewall, network }: { readonly firewall: HostFirewall; readonly network: PreviewNetwork },
): readonly PlacedRule[] {
  const owner = firewallOfChain(chain, firewall);
  if (owner === 'libvirt') return [];
  if (owner === 'firewalld') return zoneFor(rule, firewall, network);
  if (owner === 'nftables') return [{ firewall: owner, rule: { ...rule, place: placeOf(chain) } }];
  const byHand = [inBuiltIn(rule, chain, firewall)];
  if (owner === 'iptables' || owner === 'iptables-legacy') return byHand;
  const own = hasPlace(owner, rule, firewall) ? [{ firewall: owner, rule }] : [];
  return [...own, ...byHand];
}

/**
 * The head of the chain in which libvirt rejects: what is accepted there, libvirt's own rules no longer see, and libvirt
 * leaves it alone when it makes its rules again.
 */
export function headOfLibvirt(rule: OpeningRule, { chain }: LostAt, firewall: HostFirewall): readonly PlacedRule[] {
  if (firewallOfChain(chain, firewall) !== 'libvirt' || rule.hook !== 'forward') return [];
  const { family, table } = chain;
  const place = { family, table, chain: table === 'libvirt_network' ? 'forward' : 'FORWARD' };
  return [{ firewall: 'libvirt', rule: { ...rule, place } }];
}

const placeOf = ({ family, table, chain }: HostChain) => ({ family, table, chain });

/** The head of the chain that iptables has built in for a hook. */
function inBuiltIn(rule: OpeningRule, { family, table, kernel }: HostChain, firewall: HostFirewall): PlacedRule {
  const place = { family, table, chain: rule.hook.toUpperCase() };
  const legacy = kernel === 'ip_tables';
  const isMixed = !legacy && rule.hook === 'forward' && table === 'filter' && isWide(rule);
  const decided = isMixed && hasLibvirtChains(firewall, family) ? ({ decidedByLibvirt: true } as const) : {};
  return { firewall: legacy ? 'iptables-legacy' : 'iptables', rule: { ...rule, place, ...decided } };
}

const isWide = ({ protocol }: OpeningRule): boolean => protocol === undefined;

const hasLibvirtChains = ({ chains }: HostFirewall, family: string): boolean =>
  chains.some((one) => one.family === family && one.table === 'filter' && one.chain === 'LIBVIRT_FWI');

function hasPlace(owner: OpeningFirewall, rule: OpeningRule, firewall: HostFirewall): boolean {
  if (!OWN_HOOKS.has(rule.hook) || chainFor(firewall, owner, rule) === undefined) return false;
  // Its commands know neither states of connections nor ICMP.
  if (owner === 'ufw') return !rule.answers && rule.protocol !== 'icmp' && rule.protocol !== 'icmpv6';
  // In one chain with libvirt's rules, what Docker's chain accepts libvirt can no longer reject.
  if (owner === 'docker')
    return rule.hook === 'forward' && !hasLibvirtChains(firewall, rule.family === 'ipv4' ? 'ip' : 'ip6');
  return true;
}
