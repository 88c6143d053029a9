import type { BaseNetwork } from '../../model/base.js';
import { expectFirewall } from '../arguments.js';
import { expectNetwork } from '../expect-network.js';
import type { HostFirewall } from '../firewall-model/model.js';
import { type NeedStatus, needsOf } from './needs.js';
import { type CheckOptions, checkOptionsOf } from './options.js';
import { type RuleStatus, statusOfRules } from './rules.js';

/** What a host's firewall does to a network. */
export interface FirewallCheck {
  /** What guests of the network need, and what of it the host lets through. */
  readonly needs: readonly NeedStatus[];
  /** libvirt's own rules for the network. */
  readonly rules: readonly RuleStatus[];
}

/**
 * Checks what a host's packet filters, settings and routes do to a network: for each need of its guests, whether packets
 * get through and which rule stops them; and for each rule that libvirt makes, whether it is there and gets packets. Only
 * the address families that the dumps show are checked.
 *
 * @param network - as it runs, with a bridge name
 * @param firewall - of {@link readHostFirewall}
 * @param options - the host's backend and libvirt release, and what else is known of the host
 * @throws {@link ValidationError} for a network that libvirt would not define
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the bridge has no name yet, and for other arguments than a network, its
 *   host's firewall and options; `UNSUPPORTED` when the release has
 *   no such backend
 */
export function checkFirewall(network: BaseNetwork, firewall: HostFirewall, options: CheckOptions): FirewallCheck {
  const known = checkOptionsOf(options, 'checkFirewall');
  expectNetwork(network, 'checkFirewall');
  expectFirewall(firewall, 'checkFirewall');
  return { needs: needsOf(network, firewall, known), rules: statusOfRules(network, firewall, known) };
}
