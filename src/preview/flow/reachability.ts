import { type OptionNames, optionsOf } from '../../options/options.js';
import type { Family } from '../../schema/address.js';
import { checkKind } from './asked.js';
import { traceFlow } from './explain.js';
import { defaultGuests } from './guest-addresses.js';
import { networkModelOf } from './network-model.js';
import type { Flow, FlowPacket, Topology } from './topology.js';

/** Which packets a matrix is about. */
export type ReachabilityOptions = Pick<FlowPacket, 'protocol' | 'port'> & {
  /** Default: `ipv4`. */
  readonly family?: Family;
};

const REACHABILITY_OPTIONS: OptionNames<ReachabilityOptions> = { protocol: true, port: true, family: true };

/** Who reaches whom. */
export interface Reachability {
  /** The networks, each for its guests, then `host` and `outside`. */
  readonly names: readonly string[];
  /** Row by row, from whom; column by column, to whom. The diagonal is from one guest of a network to another. */
  readonly rows: readonly (readonly Reach[])[];
}

/** A cell of a matrix: the result of {@link explainFlow} without the path. */
export type Reach = Pick<Flow, 'verdict' | 'reason' | 'rule' | 'sourceSeen'>;

/**
 * Tells for every pair of networks, for the host and for the outside whether packets get through, and where not, why.
 *
 * @param topology - the networks that run; the first two guests of each whose link is up stand for all
 * @param options - kind of packet
 * @throws {@link ValidationError} for a network that libvirt would not define
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` as {@link explainFlow} does
 */
export function reachability(topology: Topology, options: ReachabilityOptions = {}): Reachability {
  const packet = optionsOf(options, REACHABILITY_OPTIONS, 'reachability');
  checkKind(packet);
  const model = networkModelOf(topology);
  const guests = new Map<string, string[]>();
  const all = topology.guests ?? defaultGuests(topology);
  // Those whose link is down stand for nobody else.
  for (const { name, network } of [...all].sort((a, b) => Number(a.link === 'down') - Number(b.link === 'down')))
    guests.set(network, [...(guests.get(network) ?? []), name]);
  const ends = [
    ...[...guests].map(([name, [first = name, second = first]]) => ({ name, first, second })),
    ...['host', 'outside'].map((name) => ({ name, first: name, second: name })),
  ];
  const rows = ends.map((from) =>
    ends.map((to): Reach => {
      const receiver = from === to ? to.second : to.first;
      if (from.first === receiver) return SELF;
      const { verdict, reason, rule, sourceSeen } = traceFlow(model, { ...packet, from: from.first, to: receiver });
      return {
        verdict,
        reason,
        ...(rule === undefined ? {} : { rule }),
        ...(sourceSeen === undefined ? {} : { sourceSeen }),
      };
    }),
  );
  return { names: ends.map(({ name }) => name), rows };
}

const SELF: Reach = { verdict: 'delivered', reason: 'nothing leaves the sender' };
