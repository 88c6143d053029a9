import { groupedBy } from '../../lists/group.js';
import { checkedTopology } from '../../ovn-model/check-topology.js';
import { rowsOfShape } from '../../ovn-model/northbound-rows.js';
import type { OvnTopology, OvnTopologyChassis } from '../../ovn-model/topology.js';
import { type GuestNode, guestNodesOf, portOfGuest } from '../../ovn-model/topology-guests.js';
import type { Address } from '../../schema/address.js';
import { type LogicalNetwork, logicalNetworkOf } from './logical.js';
import { nextHopsOf, type OutsideNode, outsideNodesOf } from './outside-nodes.js';
import { isSame } from './same.js';

/** Everything that a packet can meet. */
export interface OvnWorld {
  readonly chassis: ReadonlyMap<string, OvnTopologyChassis>;
  readonly networks: ReadonlyMap<string, LogicalNetwork>;
  readonly guests: ReadonlyMap<string, GuestNode>;
  readonly outside: readonly OutsideNode[];
}

/**
 * Puts a topology together.
 *
 * @throws `OvnUnsupportedError`, `ValidationError`, `LibvirtError` code `INVALID_ARGUMENT`
 */
export function ovnWorldOf(given: OvnTopology): OvnWorld {
  const { chassis, networks, guests, outside } = checkedTopology(given);
  const nodes = new Map<string, GuestNode>();
  const plugged = groupedBy(guests, ({ network }) => network);
  const logical = networks.map((shape) => {
    const own = guestNodesOf(plugged.get(shape.name) ?? [], shape);
    for (const node of own) nodes.set(node.name, node);
    return logicalNetworkOf(shape, rowsOfShape(shape, own.map(portOfGuest)));
  });
  const byName = new Map(logical.map((one) => [one.name, one]));
  return {
    chassis: new Map(chassis.map((one) => [one.name, one])),
    networks: byName,
    guests: nodes,
    outside: outside === undefined ? nextHopsOf(logical) : outsideNodesOf(outside, byName),
  };
}

/** The guest of a network that has an address. */
export const guestWith = (world: OvnWorld, network: LogicalNetwork, address: Address): GuestNode | undefined =>
  [...world.guests.values()].find(
    (guest) => guest.network === network.name && guest.addresses.some((own) => isSame(own, address)),
  );
