import type { BaseNetwork } from '../../model/base.js';
import { expectFirewall } from '../arguments.js';
import { expectNetwork } from '../expect-network.js';
import { type Inquiry, inquiryAbout, type Need } from '../firewall-check/needs.js';
import { type CheckOptions, checkOptionsOf } from '../firewall-check/options.js';
import { knowsOutside } from '../firewall-check/outside.js';
import type { HostFirewall } from '../firewall-model/model.js';
import { ruleForLost } from './lost-packet.js';
import type { Opening } from './opening.js';
import { placesFor } from './places.js';
import { OpeningSearch, openingsOf } from './search.js';

/** A need that no opening restores, and why. */
export interface ClosedNeed {
  readonly need: Need;
  readonly family: 'ipv4' | 'ipv6';
  /** Why the packet is lost, in one sentence. */
  readonly reason: string;
}

/** The openings that a network needs in the firewalls of its host. */
export interface NeededOpenings {
  /** One for each firewall that drops packets of the network's guests; none where all needs are met. */
  readonly openings: readonly Opening[];
  /** Needs that stay lost with them: something else than a packet filter is the cause, or a filter that openings do not reach. */
  readonly closed: readonly ClosedNeed[];
}

/**
 * Finds the openings that restore what a network's guests lack, in the firewalls whose rules drop their packets: as few
 * and as narrow as the needs allow. Each is tried on the model of the host before it is returned.
 *
 * @param network - as it runs, with a bridge name
 * @param firewall - the packet filters of the host, of {@link readHostFirewall}
 * @param options - the host's backend and libvirt release, and what else is known of the host
 * @throws {@link ValidationError} for a network that libvirt would not define
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the bridge has no name yet, for other arguments than a network,
 *   its host's firewall and options; `UNSUPPORTED` when the release has
 *   no such backend
 */
export function openingsFor(network: BaseNetwork, firewall: HostFirewall, options: CheckOptions): NeededOpenings {
  const known = checkOptionsOf(options, 'openingsFor');
  expectNetwork(network, 'openingsFor');
  expectFirewall(firewall, 'openingsFor');
  const inquiry = inquiryAbout(network, firewall, known);
  if (inquiry === undefined) return { openings: [], closed: [] };
  const devices = devicesOf(inquiry, known);
  const search = new OpeningSearch(firewall, inquiry.modelOn);
  const closed = inquiry.questions.flatMap(({ need, packet, forward }): ClosedNeed[] => {
    const lost = search.open(packet, (lostAt, filters) => {
      const rule = ruleForLost(lostAt, { need, forward, network: inquiry.network, devices });
      return rule === undefined ? [] : placesFor(rule, lostAt, { firewall: filters, network: inquiry.network });
    });
    return lost === undefined ? [] : [{ need, family: lost.packet.family, reason: lost.reason }];
  });
  return { openings: openingsOf(`needs of network "${network.name}"`, search.found), closed };
}

/** A device outside that nobody has told is made up: rules cannot name it. */
function devicesOf({ network, model }: Inquiry, options: CheckOptions): ReadonlySet<string> {
  return new Set([network.bridge, ...(knowsOutside(options) ? model.outside.map(({ link }) => link.device) : [])]);
}
