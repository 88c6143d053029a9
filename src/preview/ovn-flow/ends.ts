import { invalid } from '../../options/expect.js';
import { shown } from '../../options/shown.js';
import type { GuestNode } from '../../ovn-model/topology-guests.js';
import { type Address, type Family, parseAddress } from '../../schema/address.js';
import { isWithin, type LogicalNetwork } from './logical.js';
import { addressOfNode, isSameSegment, nodeWith, type OutsideNode } from './outside-nodes.js';
import { isPublicOf } from './routers.js';
import type { OvnWorld } from './world.js';

/** Who sends: a guest, or a machine outside. */
export type Sender = { readonly guest: GuestNode } | { readonly machine: OutsideNode };

/** Names of a question: who sends, and who gets it. */
interface Names {
  readonly from: string;
  readonly to: string;
  readonly family: Family;
}

/**
 * Finds who sends; nothing where it is somebody outside and the topology has nobody there.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for a name that is not in the topology
 */
export function senderOf(world: OvnWorld, { from, to, family }: Names): Sender | undefined {
  const guest = world.guests.get(from);
  if (guest !== undefined) return { guest };
  const machine = from === 'outside' ? machineFor(world, networkBehind(world, to), family) : machineNamed(world, from);
  return machine === undefined ? undefined : { machine };
}

function machineNamed({ outside }: OvnWorld, name: string): OutsideNode {
  const found = nodeWith(outside, name);
  if (found !== undefined) return found;
  throw unknown(name);
}

/** The machine outside that is next to a network, else another one. */
export function machineFor(
  { outside }: OvnWorld,
  network: LogicalNetwork | undefined,
  family: Family,
): OutsideNode | undefined {
  const able = outside.filter((node) => addressOfNode(node, family) !== undefined);
  const segment = network?.outer?.segment;
  const near = segment === undefined ? undefined : able.find((node) => isSameSegment(node.segment, segment));
  return near ?? able[0] ?? outside[0];
}

/** The network that the receiver is on, or whose router has its address. */
function networkBehind(world: OvnWorld, to: string): LogicalNetwork | undefined {
  const guest = world.guests.get(to);
  if (guest !== undefined) return world.networks.get(guest.network);
  const address = parseAddress(to);
  const networks = [...world.networks.values()];
  return address === undefined ? undefined : networks.find((network) => isBehind(network, address));
}

const isBehind = ({ router }: LogicalNetwork, address: Address): boolean =>
  isPublicOf(router, address) || router?.inside.networks.some((subnet) => isWithin(address, subnet)) === true;

/**
 * Finds the address that a packet is for; nothing where the receiver has none of the family.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for a name that is not in the topology
 */
export function receiverAddress(world: OvnWorld, sender: Sender, { to, family }: Names): Address | undefined {
  const own = 'guest' in sender ? world.networks.get(sender.guest.network) : undefined;
  const guest = world.guests.get(to);
  if (guest !== undefined) return guest.addresses.find((address) => address.family === family);
  if (to === 'router') return routerAddress(world, sender, family);
  if (to === 'outside') {
    const machine = machineFor(world, own, family);
    return machine === undefined ? undefined : addressOfNode(machine, family);
  }
  const address = parseAddress(to);
  if (address === undefined) throw unknown(to);
  return address.family === family ? address : undefined;
}

/** A guest knows its router by the address in its own subnet; outside it has another address. */
function routerAddress(world: OvnWorld, sender: Sender, family: Family): Address | undefined {
  if ('guest' in sender) {
    const own = sender.guest.addresses.find((address) => address.family === family);
    const networks = world.networks.get(sender.guest.network)?.router?.inside.networks ?? [];
    const near = own === undefined ? undefined : networks.find((subnet) => isWithin(own, subnet));
    return (near ?? networks.find(({ address }) => address.family === family))?.address;
  }
  const outer = [...world.networks.values()].filter(({ router }) => router?.outside !== undefined);
  const [only] = outer;
  if (only === undefined || outer.length > 1)
    throw invalid("from outside 'router' may be any of several", 'give the address of the router outside');
  return only.router?.outside?.networks.find(({ address }) => address.family === family)?.address;
}

const unknown = (name: string) =>
  invalid(
    `there is no '${shown(name)}' in the topology`,
    "packets go from guests by their names and from 'outside', to these, to 'router' and to addresses",
  );
