import { LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { isKnownTo, RELEASE_OPTION, type ReleaseOption } from '../../schema/release.js';
import { releaseOf } from '../../schema/rules/index.js';
import { previewOf } from '../network.js';
import { baseSteps } from './base.js';
import type { ChecksumFilter, FirewallBackend, FirewallRule, FirewallStep } from './rule.js';
import { networkRules } from './rules.js';

/** For which host firewall rules are shown. */
export interface FirewallOptions extends ReleaseOption {
  /**
   * The backend of the host's libvirt; `nftables` since 10.4.0. Which one a host uses stands in its
   * `/etc/libvirt/network.conf`; without a setting it is what the distribution chose: iptables on Debian 13.
   */
  readonly backend: FirewallBackend;
}

/** The options of calls about a firewall. */
export const FIREWALL_OPTIONS: OptionNames<FirewallOptions> = { ...RELEASE_OPTION, backend: true };

/**
 * The rules that libvirt makes when a network starts, in the order in which it inserts them: within a chain the last
 * one stands first. None for open networks, and none for networks that only point at devices of the host. Source:
 * libvirt's firewall page, "The virtual network driver".
 *
 * @param network - with a bridge name
 * @param options - the host's backend and libvirt release
 * @throws {@link ValidationError} for a network that libvirt would not define
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the bridge has no name yet; `UNSUPPORTED` when the release
 *   has no such backend
 */
export function firewallRules(
  network: BaseNetwork,
  options: FirewallOptions,
): readonly (FirewallRule | ChecksumFilter)[] {
  const known = optionsOf(options, FIREWALL_OPTIONS, 'firewallRules');
  expectBackend(known);
  const preview = previewOf(network, known);
  return preview === undefined ? [] : networkRules(preview, known.backend);
}

/**
 * How libvirt makes the tables and chains that the rules of all networks go into: what it asks for, and what it makes
 * where nothing is there yet.
 *
 * @param options - the host's backend and libvirt release
 * @throws {@link LibvirtError} code `UNSUPPORTED` when the release has no such backend
 */
export function firewallBase(options: FirewallOptions): readonly FirewallStep[] {
  expectBackend(optionsOf(options, FIREWALL_OPTIONS, 'firewallBase'));
  return baseSteps(options.backend);
}

/** Refuses backends that a release, or anybody, does not have. */
export function expectBackend({ backend, libvirt }: FirewallOptions): void {
  const release = releaseOf({ libvirt });
  if (backend !== 'iptables' && backend !== 'nftables') {
    throw new LibvirtError('INVALID_ARGUMENT', `'${String(backend)}' is not a firewall backend of libvirt`, {
      hint: "pass { backend: 'iptables' } or { backend: 'nftables' }",
    });
  }
  if (backend === 'iptables' || isKnownTo(release, '10.4.0')) return;
  throw new LibvirtError('UNSUPPORTED', `libvirt ${libvirt} has no nftables backend`, {
    hint: 'libvirt has it since 10.4.0; older releases use iptables',
  });
}
