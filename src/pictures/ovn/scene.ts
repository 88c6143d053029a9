import { groupedBy } from '../../lists/group.js';
import { type CheckedTopology, checkedTopology } from '../../ovn-model/check-topology.js';
import type { Outside } from '../../ovn-model/outside.js';
import type { OvnShape } from '../../ovn-model/shape.js';
import type { OvnTopology, OvnTopologyChassis, OvnTopologyOutside } from '../../ovn-model/topology.js';
import { guestNodesOf } from '../../ovn-model/topology-guests.js';
import { forwardModeOf } from '../../schema/network/canonical.js';
import { shares } from '../topology/shares.js';
import type { NetworkMode } from '../words.js';
import { type GroupScene, guestGroups } from './groups.js';
import type { OvnCounts } from './words.js';

/** What a picture of networks on OVN shows, whatever its format. */
export interface OvnScene {
  readonly hosts: readonly HostScene[];
  /** Hosts that are not drawn. */
  readonly moreHosts: number;
  /** Ways to wrap packets that the hosts have, if there are several hosts. */
  readonly encapsulations: readonly Encapsulation[];
  readonly physical: readonly PhysicalScene[];
  readonly networks: readonly OvnNetworkScene[];
  /** Networks that are not drawn. */
  readonly moreNetworks: number;
  readonly totals: OvnCounts;
}

export type Encapsulation = NonNullable<OvnTopologyChassis['encapsulation']>;

export interface HostScene {
  readonly name: string;
  /** The address of its tunnels. */
  readonly address: string | undefined;
  readonly encapsulation: Encapsulation;
}

/** A physical network, and who is on it. */
export interface PhysicalScene {
  readonly name: string;
  /** The machines on it, one for each VLAN. */
  readonly machines: readonly MachineScene[];
  /** The drawn hosts that connect networks with it, by their index. */
  readonly hosts: readonly number[];
}

/** Machines outside. */
export interface MachineScene {
  readonly vlan: number | undefined;
  readonly addresses: readonly string[];
}

export interface OvnNetworkScene {
  readonly name: string;
  readonly mode: NetworkMode;
  readonly subnets: readonly { readonly cidr: string; readonly ranges: readonly string[] }[];
  readonly router: RouterScene | undefined;
  readonly groups: readonly GroupScene[];
  /** Guests of hosts that have no group. */
  readonly more: number;
}

export interface RouterScene {
  /** Its addresses in the network, in CIDR form. */
  readonly inside: readonly string[];
  /** How it reaches the outside; absent for an isolated network. */
  readonly way: WayScene | undefined;
}

export interface WayScene {
  readonly physicalNetwork: string;
  readonly vlan: number | undefined;
  /** Its addresses there, in CIDR form. */
  readonly addresses: readonly string[];
  /** Next hops of its default routes. */
  readonly gateways: readonly string[];
  /** The gateway chassis, in the order in which they take over. */
  readonly chassis: readonly GatewayScene[];
}

export interface GatewayScene {
  readonly name: string;
  /** False if the topology has no such host. */
  readonly isThere: boolean;
}

/** What one picture shows; the rest is counted. */
const MOST_GUESTS = 40;
const MOST_NETWORKS = 24;
const MOST_HOSTS = 12;

/**
 * Collects what a picture of networks on OVN shows.
 *
 * @throws as {@link checkedTopology}
 */
export function ovnScene(given: OvnTopology): OvnScene {
  const topology = checkedTopology(given);
  const { chassis, networks, guests } = topology;
  const shapes = networks.slice(0, MOST_NETWORKS);
  const hosts = drawnHosts(chassis, shapes);
  return {
    hosts: hosts.map(hostOf),
    moreHosts: chassis.length - hosts.length,
    encapsulations: chassis.length < 2 ? [] : [...new Set(chassis.map(encapsulationOf))].sort(),
    physical: physicalNetworks(topology, shapes, hosts),
    networks: networkScenes(topology, shapes),
    moreNetworks: networks.length - shapes.length,
    totals: { hosts: chassis.length, networks: networks.length, guests: guests.length },
  };
}

const encapsulationOf = ({ encapsulation = 'geneve' }: OvnTopologyChassis): Encapsulation => encapsulation;

const hostOf = (chassis: OvnTopologyChassis): HostScene => ({
  name: chassis.name,
  address: chassis.address,
  encapsulation: encapsulationOf(chassis),
});

/** As many hosts as a picture shows, in their order; rather those that lead outside than others. */
function drawnHosts(chassis: readonly OvnTopologyChassis[], shapes: readonly OvnShape[]): OvnTopologyChassis[] {
  const gateways = new Set(shapes.flatMap(({ outside }) => outside?.chassis ?? []));
  const isGateway = ({ name }: OvnTopologyChassis) => gateways.has(name);
  const ranked = [...chassis.filter(isGateway), ...chassis.filter((one) => !isGateway(one))];
  const drawn = new Set(ranked.slice(0, MOST_HOSTS));
  return chassis.filter((one) => drawn.has(one));
}

/** The physical networks that networks lead to, then others that the topology has. */
function physicalNetworks(
  { outside }: CheckedTopology,
  shapes: readonly OvnShape[],
  hosts: readonly OvnTopologyChassis[],
): PhysicalScene[] {
  const users = groupedBy(shapes, (shape) => shape.outside?.physicalNetwork);
  const machines = groupedBy(outside ?? [], ({ physicalNetwork }) => physicalNetwork);
  return [...new Set([...users.keys(), ...machines.keys()])].map((name) => {
    const gateways = new Set((users.get(name) ?? []).flatMap((shape) => shape.outside?.chassis ?? []));
    return {
      name,
      machines: machinesIn(machines.get(name) ?? []),
      hosts: hosts.flatMap((host, i) => (gateways.has(host.name) ? i : [])),
    };
  });
}

function machinesIn(machines: readonly OvnTopologyOutside[]): MachineScene[] {
  const byVlan = groupedBy(machines, ({ vlan = 0 }) => vlan);
  return [...byVlan].map(([vlan, own]) => ({
    vlan: vlan === 0 ? undefined : vlan,
    addresses: own.flatMap(({ addresses }) => addresses),
  }));
}

function networkScenes(topology: CheckedTopology, shapes: readonly OvnShape[]): OvnNetworkScene[] {
  const plugged = groupedBy(topology.guests, ({ network }) => network);
  // Those of networks that are not drawn are checked too.
  const guests = topology.networks.map((shape) => guestNodesOf(plugged.get(shape.name) ?? [], shape));
  const drawn = shares(
    shapes.map((_, i) => guests[i]?.length ?? 0),
    MOST_GUESTS,
  );
  const hosts = topology.chassis.map(({ name }) => name);
  return shapes.map((shape, i) => ({
    ...networkOf(shape, hosts),
    ...guestGroups(guests[i] ?? [], { hosts, most: drawn[i] ?? 0 }),
  }));
}

function networkOf(shape: OvnShape, hosts: readonly string[]): Omit<OvnNetworkScene, 'groups' | 'more'> {
  const { name, document, subnets, outside, hasRouter } = shape;
  const inside = subnets.map(({ subnet }) => subnet.toString());
  const mode = forwardModeOf(document);
  const way = outside === undefined ? undefined : wayOf(outside, hosts);
  return {
    name,
    mode: mode === 'nat' || mode === 'route' ? mode : 'isolated',
    subnets: subnets.map(({ subnet, ip }) => ({
      cidr: subnet.cidr,
      ranges: (ip.dhcp?.ranges ?? []).map(({ start, end }) => `${start} - ${end}`),
    })),
    router: hasRouter ? { inside, way } : undefined,
  };
}

function wayOf({ physicalNetwork, vlan, addresses, gateways, chassis }: Outside, hosts: readonly string[]): WayScene {
  return {
    physicalNetwork,
    vlan,
    addresses: addresses.map(({ address, prefix }) => `${address.text}/${prefix}`),
    gateways: gateways.map(({ text }) => text),
    chassis: chassis.map((name) => ({ name, isThere: hosts.includes(name) })),
  };
}
