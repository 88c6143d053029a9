import type { BaseNetwork } from '../../model/base.js';
import { optionsOf } from '../../options/options.js';
import { type Inquiry, inquiryAbout, type Need, type Question } from '../firewall-check/needs.js';
import { CHECK_OPTIONS, type CheckOptions } from '../firewall-check/options.js';
import type { HostFirewall } from '../firewall-model/model.js';
import { traceToEnd } from '../flow/explain.js';
import type { LostAt, NetworkModel } from '../flow/network-model.js';
import { openingName } from './identity.js';
import { type Asked, ruleForLost } from './lost-packet.js';
import type { Opening, OpeningFirewall } from './opening.js';
import { type PlacedRule, placesFor } from './places.js';
import { withOpenings } from './with-openings.js';

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
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the bridge has no name yet; `UNSUPPORTED` when the release has
 *   no such backend
 */
export function openingsFor(network: BaseNetwork, firewall: HostFirewall, options: CheckOptions): NeededOpenings {
  const known = optionsOf(options, CHECK_OPTIONS, 'openingsFor');
  const inquiry = inquiryAbout(network, firewall, known);
  if (inquiry === undefined) return { openings: [], closed: [] };
  const search = new Search(inquiry, firewall, devicesOf(inquiry, known));
  const closed = inquiry.questions.flatMap((question) => search.open(question));
  return { openings: openingsOf(network, search.found), closed };
}

/** A device outside that nobody has told is made up: rules cannot name it. */
function devicesOf({ network, model }: Inquiry, { outside, kernel }: CheckOptions): ReadonlySet<string> {
  const isKnown = outside !== undefined || kernel?.routes?.some(({ to }) => to === 'default');
  return new Set([network.bridge, ...(isKnown ? model.outside.map(({ link }) => link.device) : [])]);
}

/** A packet is stopped at most at so many places: each hook and each neighbour it asks for. */
const MOST_STEPS = 24;

/** Opens a host's firewalls one by one, until packets get through. */
class Search {
  readonly #inquiry: Inquiry;
  readonly #firewall: HostFirewall;
  readonly #devices: ReadonlySet<string>;
  #found: readonly PlacedRule[] = [];
  #model: NetworkModel;

  constructor(inquiry: Inquiry, firewall: HostFirewall, devices: ReadonlySet<string>) {
    this.#inquiry = inquiry;
    this.#firewall = firewall;
    this.#devices = devices;
    this.#model = inquiry.model;
  }

  get found(): readonly PlacedRule[] {
    return this.#found;
  }

  /** Opens the way of a question's packet; where that fails, it opens nothing and tells why. */
  open({ need, packet, forward }: Question): readonly ClosedNeed[] {
    const before = { found: this.#found, model: this.#model };
    for (let step = 0; step < MOST_STEPS; step++) {
      const { flow, lostAt } = traceToEnd(this.#model, packet);
      if (flow.verdict === 'delivered') return [];
      if (lostAt === undefined || flow.verdict === 'depends' || !this.#openAt(lostAt, { need, forward })) {
        ({ found: this.#found, model: this.#model } = before);
        return [{ need, family: flow.packet.family, reason: flow.reason }];
      }
    }
    return [];
  }

  /** Adds a rule that lets the packet pass the chain that has stopped it. */
  #openAt(lostAt: LostAt, asked: Pick<Asked, 'need' | 'forward'>): boolean {
    const about = { ...asked, network: this.#inquiry.network, devices: this.#devices };
    const rule = ruleForLost(lostAt, about);
    if (rule === undefined) return false;
    const firewall = withOpenings(this.#firewall, groupsOf(this.#found));
    for (const place of placesFor(rule, lostAt, firewall)) {
      const found = [...this.#found, place];
      const model = this.#inquiry.modelOn(withOpenings(this.#firewall, groupsOf(found)));
      if (stillStops(model, lostAt)) continue;
      this.#found = found;
      this.#model = model;
      return true;
    }
    return false;
  }
}

/** Tells whether the same chains still stop the same packet. */
function stillStops({ filter }: NetworkModel, { hook, layer, packet, chain }: LostAt): boolean {
  const { type, by } = filter.ask(hook, { ...packet }, { layer });
  return type !== 'accept' && by?.chain.table === chain.table && by.chain.chain === chain.chain;
}

const groupsOf = (found: readonly PlacedRule[]): readonly Opening[] =>
  found.map(({ firewall, rule }) => ({ name: '', purpose: '', firewall, rules: [rule] }));

/** One opening for each firewall, in the order in which packets meet them. */
function openingsOf({ name }: BaseNetwork, found: readonly PlacedRule[]): readonly Opening[] {
  const purpose = `needs of network "${name}"`;
  const firewalls = new Set<OpeningFirewall>(found.map(({ firewall }) => firewall));
  return [...firewalls].map((firewall) => ({
    name: openingName(firewall, purpose),
    purpose,
    firewall,
    rules: found.filter((one) => one.firewall === firewall).map(({ rule }) => rule),
  }));
}
