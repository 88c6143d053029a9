import { groupedBy } from '../../lists/group.js';
import type { BaseNetwork } from '../../model/base.js';
import { optionsOf } from '../../options/options.js';
import { unknownNetwork } from '../../preview/flow/guest-addresses.js';
import { TOPOLOGY } from '../../preview/flow/network-model.js';
import type { FlowGuest, OutsideSegment, Topology } from '../../preview/flow/topology.js';
import { subnetsIn } from '../../preview/network.js';
import { forwardModeOf, isLayer3 } from '../../schema/network/canonical.js';
import { checkTopology } from '../check-topology.js';
import type { NetworkMode } from '../words.js';
import { devicesOf } from './devices.js';
import { type GuestScene, guestScenes, nicNumbers } from './guests.js';
import { shares } from './shares.js';

/** What a picture of a topology shows, whatever its format. */
export interface TopologyScene {
  readonly lans: readonly LanScene[];
  readonly networks: readonly NetworkScene[];
  /** Networks that are not drawn. */
  readonly moreNetworks: number;
  /** All networks and guests of the topology. */
  readonly totals: { readonly networks: number; readonly guests: number };
}

/** A LAN beyond the host, or what is outside without details. */
export interface LanScene {
  /** The host's device on it; nothing where the topology does not say. */
  readonly device: string | undefined;
  /** The host's addresses on it, in CIDR form. */
  readonly host: readonly string[];
  /** Addresses of the machine outside. */
  readonly outside: readonly string[];
}

export interface NetworkScene {
  readonly name: string;
  readonly mode: NetworkMode;
  /** True if the host routes for it: libvirt makes its bridge. */
  readonly isRouted: boolean;
  /** Its bridge, or the device that its guests are on; nothing for a bridge that has no name yet. */
  readonly device: string | undefined;
  /** Other devices of a pool. */
  readonly moreDevices: number;
  /** The mode of macvtap, such as `vepa`. */
  readonly detail: string | undefined;
  /** The one device that its packets leave by. */
  readonly through: string | undefined;
  readonly subnets: readonly SubnetScene[];
  readonly guests: readonly GuestScene[];
  /** Guests that are not drawn. */
  readonly more: number;
}

export interface SubnetScene {
  /** The host's address in it, in CIDR form. */
  readonly address: string;
  /** The ranges of DHCP, such as `192.168.50.2 - 192.168.50.254`. */
  readonly ranges: readonly string[];
}

/** Guests and networks that one picture shows; more of them are grouped. */
const MOST_GUESTS = 40;
const MOST_NETWORKS = 24;

/**
 * Collects what a picture of a topology shows.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT` for what cannot be drawn, and for guests on networks that are not in it
 */
export function topologyScene(given: Topology): TopologyScene {
  const topology = optionsOf(given, TOPOLOGY, 'a topology');
  checkTopology(topology);
  const { guests = [] } = topology;
  const names = new Set(topology.networks.map(({ name }) => name));
  for (const guest of guests) if (!names.has(guest.network)) throw unknownNetwork(guest);
  const drawn = topology.networks.slice(0, MOST_NETWORKS);
  const moreNetworks = topology.networks.length - drawn.length;
  return {
    lans: lansOf(topology, drawn),
    networks: networksOf(drawn, guests),
    moreNetworks,
    totals: { networks: topology.networks.length, guests: guests.length },
  };
}

function networksOf(networks: readonly BaseNetwork[], guests: readonly FlowGuest[]): NetworkScene[] {
  const plugged = groupedBy(guests, ({ network }) => network);
  const all = networks.map(({ name }) => plugged.get(name) ?? []);
  const drawn = shares(
    all.map(({ length }) => length),
    MOST_GUESTS,
  );
  const nics = nicNumbers(guests);
  return networks.map((network, i) => {
    const own = all[i] ?? [];
    const shown = own.slice(0, drawn[i]);
    return { ...networkOf(network), guests: guestScenes(network, shown, nics), more: own.length - shown.length };
  });
}

function networkOf(network: BaseNetwork): Omit<NetworkScene, 'guests' | 'more'> {
  const { document } = network;
  const isRouted = isLayer3(document);
  const mode = modeOf(network);
  const [device, ...others] = devicesOf(network);
  return {
    name: network.name,
    mode,
    isRouted,
    device,
    moreDevices: others.length,
    detail: mode === 'macvtap' ? forwardModeOf(document) : undefined,
    through: isRouted ? (document.forward?.interfaces?.[0]?.dev ?? document.forward?.dev) : undefined,
    subnets: subnetsIn(document).map(({ subnet, ip }) => ({
      address: `${subnet.gateway}/${subnet.prefix}`,
      ranges: (ip.dhcp?.ranges ?? []).flatMap(({ start, end }) => (start && end ? [`${start} - ${end}`] : [])),
    })),
  };
}

function modeOf({ kind, document }: BaseNetwork): NetworkMode {
  if (kind !== 'direct') return kind === 'bridge' && document.virtualport?.type === 'openvswitch' ? 'ovs' : kind;
  return forwardModeOf(document) === 'passthrough' ? 'passthrough' : 'macvtap';
}

/** The LANs of the topology, then those that bridged networks are on. Nothing is made up: what is not given has no addresses. */
function lansOf({ outside }: Topology, networks: readonly BaseNetwork[]): LanScene[] {
  const byDevice = groupedBy(outside ?? [], ({ device }) => device);
  const given = [...byDevice].map(([device, segments]) => lanOf(device, segments));
  const pointers = networks.filter(({ document }) => !isLayer3(document)).map((network) => devicesOf(network)[0]);
  const others = [...new Set(pointers)].filter((device) => device !== undefined && !byDevice.has(device));
  const unknown = outside === undefined && networks.some(({ document }) => isLayer3(document));
  return [...(unknown ? [NOWHERE] : []), ...given, ...others.map((device) => ({ ...NOWHERE, device }))];
}

const NOWHERE: LanScene = { device: undefined, host: [], outside: [] };

const lanOf = (device: string, segments: readonly OutsideSegment[]): LanScene => ({
  device,
  host: segments.flatMap(({ host = [] }) => host),
  outside: segments.flatMap(({ outside }) => outside),
});
