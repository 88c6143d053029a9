import { type CallOptions, deadline } from '../async/deadline.js';
import { inParallel } from '../async/parallel.js';
import type { AttachedNic } from '../client/guests/attached-nic.js';
import type { GuestView } from '../client/guests/guest-ref.js';
import { isOn, listGuests, type NetworkPlace } from '../client/guests/list-guests.js';
import { readNics } from '../client/guests/nic-source.js';
import { type Host, transportOf } from '../client/host.js';
import type { ListedNetwork } from '../client/networks.js';
import { groupedBy } from '../lists/group.js';
import type { BaseNetwork } from '../model/base.js';
import { type OptionNames, optionsOf, partOf } from '../options/options.js';
import { FIREWALL_OPTIONS } from '../preview/firewall/index.js';
import type { FlowGuest, Topology } from '../preview/flow/topology.js';
import type { NicDocument } from '../schema/guests/nic.js';
import type { Vlan } from '../schema/network/ports.js';
import { normalizeMac } from '../schema/scalar.js';

/** What {@link readTopology} does not read from libvirt: the firewall's backend, and the surroundings of the host. */
export interface TopologyOptions extends CallOptions, Omit<Topology, 'networks' | 'guests'> {}

const SURROUNDINGS: OptionNames<Omit<Topology, 'networks' | 'guests'>> = {
  ...FIREWALL_OPTIONS,
  outside: true,
  firewall: true,
  kernel: true,
  hostInput: true,
  forwardPolicy: true,
};
const CALL = { signal: true, timeoutMs: true } as const;

/** Requests for leases at a time. */
const AT_A_TIME = 4;

/**
 * Reads what runs on a host for `explainFlow` and `reachability`: the networks as they run, and the NICs of running guests with
 * their MAC addresses, taps, links and isolation. A guest has the addresses of its leases, else those that its network reserves
 * for its MAC address, else one that `explainFlow` picks. A guest with one NIC on networks goes by its name, another by name and
 * device: `web1 vnet3`. NICs that are on no network are left out, and so are those that cannot be read.
 *
 * @param host - what `connect` returned, to a daemon that runs virtual machines
 * @param options - the firewall's backend, and what libvirt does not tell: LANs, and the host's own firewall and routes
 * @throws `OperationError` code `UNSUPPORTED` when the URI's driver has no guests
 *
 * @example
 * ```ts
 * const topology = await readTopology(host, { backend: 'nftables' });
 * console.log(explainFlow(topology, { from: 'web1', to: 'outside' }).reason);
 * ```
 */
export async function readTopology(host: Host, options: TopologyOptions): Promise<Topology> {
  const known = optionsOf(options, { ...SURROUNDINGS, ...CALL }, 'readTopology');
  const transport = transportOf(host);
  const remaining = deadline(known);
  const running = (await host.networks.readAll({ active: true, ...remaining() })).flatMap(readable);
  const guests = await listGuests(transport, { active: true }, remaining());
  const leases = await inParallel(running, AT_A_TIME, async ({ handle, network }) => {
    const all = network.document.ips === undefined ? [] : await handle.leases(remaining());
    const byMac = groupedBy(all, ({ mac }) => keyOf(mac));
    return [network.name, new Map([...byMac].map(([mac, own]) => [mac, own.map(({ address }) => address)]))] as const;
  });
  const networks = running.map(({ network }) => network);
  const places = networks.map(placeOf);
  const lent = new Map(leases);
  return {
    ...partOf<Omit<Topology, 'networks' | 'guests'>>(known, SURROUNDINGS),
    networks,
    guests: guests.flatMap((guest) => flowGuestsOf(guest, places, lent)),
  };
}

type Readable = Extract<ListedNetwork, { readonly network: BaseNetwork }>;
const readable = (one: ListedNetwork): readonly Readable[] => (one.network === undefined ? [] : [one]);

/** The NICs of a guest that are on one of the networks. */
function flowGuestsOf(
  { state: { name }, live = [] }: GuestView,
  places: readonly Place[],
  leases: Leases,
): readonly FlowGuest[] {
  const plugged = live.flatMap((nic) => {
    const network = places.find((place) => isOn(place, nic))?.own;
    if (network === undefined) return [];
    return readNics(name, [nic]).nics.map(({ document }) => ({ nic, document, network, leases }));
  });
  return plugged.map(({ nic, ...place }) => ({
    ...flowGuestOf({ nic, ...place }),
    name: plugged.length === 1 ? name : `${name} ${nic.device ?? nic.mac}`,
  }));
}

/** A network, and how NICs refer to it. */
interface Place extends NetworkPlace {
  readonly own: BaseNetwork;
}

const placeOf = (own: BaseNetwork): Place => {
  const bridge = own.document.bridge?.name;
  return { own, network: own.name, bridges: new Set(bridge === undefined ? [] : [bridge]) };
};

interface Plugged {
  readonly nic: AttachedNic;
  readonly document: NicDocument;
  readonly network: BaseNetwork;
  readonly leases: Leases;
}

function flowGuestOf({ nic, document, network, leases }: Plugged): Omit<FlowGuest, 'name'> {
  const { mac, device: tap, link } = nic;
  const addresses = addressesOf(mac, network, leases);
  const { port: { isolated } = {}, vlan } = document;
  const filter = 'filterref' in document ? document.filterref?.filter : undefined;
  return {
    network: network.name,
    mac,
    link,
    ...(tap === undefined ? {} : { tap }),
    ...(isolated === undefined ? {} : { isolated }),
    ...(vlan === undefined ? {} : { vlan: vlanOf(vlan) }),
    ...(filter === undefined ? {} : { filter }),
    ...(addresses.length === 0 ? {} : { addresses }),
  };
}

/** The VLAN of a port with one tag; all others are trunks. */
function vlanOf({ trunk, tags }: Vlan): number | 'trunk' {
  const [tag, ...others] = tags;
  return trunk === true || tag === undefined || others.length > 0 ? 'trunk' : tag.id;
}

/** Addresses that are lent, by network and MAC address. */
type Leases = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** The addresses that a guest has from its network: lent, or reserved. */
function addressesOf(mac: string, { name, document }: BaseNetwork, leases: Leases): readonly string[] {
  const lent = leases.get(name)?.get(mac);
  if (lent !== undefined) return lent;
  const hosts = (document.ips ?? []).flatMap(({ dhcp }) => dhcp?.hosts ?? []);
  return hosts.flatMap((one) =>
    one.ip !== undefined && one.mac !== undefined && keyOf(one.mac) === mac ? [one.ip] : [],
  );
}

const keyOf = (mac: string): string => normalizeMac(mac) ?? mac;
