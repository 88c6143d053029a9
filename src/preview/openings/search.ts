import type { HostFirewall } from '../firewall-model/model.js';
import { traceToEnd } from '../flow/explain.js';
import type { LostAt, NetworkModel } from '../flow/network-model.js';
import type { Flow, FlowPacket } from '../flow/topology.js';
import { openingName } from './identity.js';
import type { Opening, OpeningFirewall } from './opening.js';
import type { PlacedRule } from './places.js';
import { withRulesOf } from './with-openings.js';

/** A packet is stopped at most at so many places: each hook, and each neighbour it asks for. */
const MOST_STEPS = 24;

/** Finds rules that may end the loss of a packet, the best first. */
type Remedies = (lostAt: LostAt, firewall: HostFirewall) => readonly PlacedRule[];

/** Opens a host's firewalls one by one, on a model, until packets get through. */
export class OpeningSearch {
  readonly #firewall: HostFirewall;
  readonly #modelOn: (firewall: HostFirewall) => NetworkModel;
  #found: readonly PlacedRule[] = [];
  #model: NetworkModel;

  constructor(firewall: HostFirewall, modelOn: (firewall: HostFirewall) => NetworkModel) {
    this.#firewall = firewall;
    this.#modelOn = modelOn;
    this.#model = modelOn(firewall);
  }

  get found(): readonly PlacedRule[] {
    return this.#found;
  }

  /** Adds a rule that packets do not depend on to get through. */
  add(rule: PlacedRule): void {
    this.#found = [...this.#found, rule];
  }

  /** Opens the way of a packet; where that fails, opens nothing and returns how it is lost. */
  open(packet: FlowPacket, remedies: Remedies): Flow | undefined {
    const before = { found: this.#found, model: this.#model };
    for (let step = 0; ; step++) {
      const { flow, lostAt } = traceToEnd(this.#model, packet);
      if (flow.verdict === 'delivered') return undefined;
      const isCertain = lostAt !== undefined && flow.verdict !== 'depends';
      if (isCertain && step < MOST_STEPS && this.#openAt(lostAt, remedies)) continue;
      ({ found: this.#found, model: this.#model } = before);
      return flow;
    }
  }

  /** Adds the first rule that lets the packet pass the chain that has stopped it. */
  #openAt(lostAt: LostAt, remedies: Remedies): boolean {
    for (const remedy of remedies(lostAt, withRulesOf(this.#firewall, groupsOf(this.#found)))) {
      const found = [...this.#found, remedy];
      const model = this.#modelOn(withRulesOf(this.#firewall, groupsOf(found)));
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

/** What the rules of one opening have in common. */
type Group = Omit<PlacedRule, 'rule'>;

const groupOf = ({ rule, ...group }: PlacedRule): Group => {
  void rule;
  return group;
};

const groupsOf = (found: readonly PlacedRule[]): readonly Opening[] =>
  found.map((one) => ({ name: '', purpose: '', ...groupOf(one), rules: [one.rule] }));

/** One opening for each firewall, in the order in which packets meet them. */
export function openingsOf(purpose: string, found: readonly PlacedRule[]): readonly Opening[] {
  const groups = new Map<OpeningFirewall, Group>(found.map((one) => [one.firewall, groupOf(one)]));
  return [...groups.values()].map((group) => ({
    name: openingName(group.firewall, purpose),
    purpose,
    ...group,
    rules: found.filter(({ firewall }) => firewall === group.firewall).map(({ rule }) => rule),
  }));
}
