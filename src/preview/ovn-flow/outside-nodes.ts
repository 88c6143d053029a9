import { invalid } from '../../options/expect.js';
import type { OvnTopologyOutside } from '../../ovn-model/topology.js';
import { type Address, type AddressWithPrefix, type Family, parseAddress, parseCidr } from '../../schema/address.js';
import { isWithin, type LogicalNetwork, type Segment } from './logical.js';

/** A machine outside. */
export interface OutsideNode {
  readonly segment: Segment;
  readonly addresses: readonly AddressWithPrefix[];
  /** Names of the networks that it has a route to; all where it is not said. */
  readonly routes: readonly string[] | undefined;
}

/**
 * Reads the machines outside.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT`
 */
export const outsideNodesOf = (
  given: readonly OvnTopologyOutside[],
  networks: ReadonlyMap<string, LogicalNetwork>,
): readonly OutsideNode[] =>
  given.map(({ physicalNetwork, vlan, addresses, routes }) => {
    const unknown = routes?.find((name) => !networks.has(name));
    if (unknown !== undefined)
      throw invalid(
        `a machine outside has a route to network "${unknown}", which is not in the topology`,
        'add the network to the topology, or correct the name',
      );
    return { segment: { physicalNetwork, vlan }, addresses: addressesOf(addresses), routes };
  });

function addressesOf(given: readonly string[]): readonly AddressWithPrefix[] {
  const read = given.flatMap((text) => parseCidr(text) ?? []);
  if (new Set(read.map(({ address }) => address.family)).size === read.length) return read;
  throw invalid('a machine outside has two addresses of one family', 'add another machine for the other address');
}

/** The next hops of networks, as machines of the LANs that they are on. */
export const nextHopsOf = (networks: readonly LogicalNetwork[]): readonly OutsideNode[] => {
  const nodes = new Map<string, OutsideNode>();
  for (const { router, outer } of networks) {
    const hops =
      router?.routes.filter(({ by, hop, to }) => by === 'outside' && hop !== undefined && to.prefix === 0) ?? [];
    if (outer === undefined || hops.length === 0) continue;
    const addresses = hops.flatMap(({ hop }) =>
      hop === undefined ? [] : [{ address: hop, prefix: prefixAt(router, hop) }],
    );
    const { segment } = outer;
    const key = JSON.stringify([segment.physicalNetwork, segment.vlan, addresses.map(({ address }) => address.text)]);
    nodes.set(key, { segment, addresses, routes: undefined });
  }
  return [...nodes.values()];
};

const prefixAt = (router: LogicalNetwork['router'], hop: Address): number =>
  router?.outside?.networks.find((network) => isWithin(hop, network))?.prefix ?? 0;

/** The address of a machine, of one family. */
export const addressOfNode = (node: OutsideNode, family: Family): Address | undefined =>
  node.addresses.find(({ address }) => address.family === family)?.address;

/** Tells whether two are the same LAN. */
export const isSameSegment = (a: Segment, b: Segment): boolean =>
  a.physicalNetwork === b.physicalNetwork && a.vlan === b.vlan;

/** The machine that a text names by one of its addresses. */
export const nodeWith = (nodes: readonly OutsideNode[], text: string): OutsideNode | undefined => {
  const wanted = parseAddress(text)?.text;
  return nodes.find(({ addresses }) => addresses.some(({ address }) => address.text === wanted));
};
