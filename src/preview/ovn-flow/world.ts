import { northboundRows } from '../../ovn-model/northbound-rows.js';
import { shapeOfNetwork } from '../../ovn-model/shape.js';
import type { OvnTopology, OvnTopologyChassis } from '../../ovn-model/topology.js';
import type { Address } from '../../schema/address.js';
import { checkedTopology } from './check-topology.js';
import { type GuestNode, guestNodesOf, portOfGuest } from './guest-nodes.js';
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
  const logical = networks.map(({ network, outside: way }) => {
    const own = guests.filter((guest) => guest.network === network.name);
    // Whatever OVN cannot express is found before guests are.
    northboundRows(network, way);
    const all = guestNodesOf(own, shapeOfNetwork(network, undefined));
    for (const node of all) nodes.set(node.name, node);
    return logicalNetworkOf(network, northboundRows(network, way, all.map(portOfGuest)));
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
