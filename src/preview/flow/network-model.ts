import { LibvirtError } from '../../errors/index.js';
import { NatNetwork } from '../../model/kinds/virtual-kinds.js';
import { Subnet } from '../../model/subnet.js';
import { type OptionNames, optionsOf, partOf } from '../../options/options.js';
import { type Family, isPlainIpv4, maskOf, parseAddress } from '../../schema/address.js';
import { expectTopology } from '../arguments.js';
import { runsDnsmasq, servesDns } from '../dnsmasq/index.js';
import { FIREWALL_OPTIONS, type FirewallOptions, firewallBase } from '../firewall/index.js';
import { networkRules } from '../firewall/rules.js';
import type { HostChain, HostFirewall, HostHook } from '../firewall-model/model.js';
import type { FilterPacket } from '../firewall-model/packet.js';
import { type Layer, PacketFilter } from '../firewall-model/packet-filter.js';
import { predictedFirewall } from '../firewall-model/predicted.js';
import { forwardingOf, type HostKernel } from '../host-kernel/model.js';
import { Routing } from '../host-kernel/routing.js';
import { type PreviewNetwork, previewOf } from '../network.js';
import { planForwards } from '../port-forward/plan.js';
import { numberOf, within } from './addresses.js';
import { type Attachment, attachmentOf, deviceOf } from './attachment.js';
import { defaultGuests, freeAddress, unknownNetwork } from './guest-addresses.js';
import type { FlowGuest, OutsideSegment, Topology, Verdict } from './topology.js';

/** A place where devices meet: the bridge of a network, or a LAN. */
export interface Link {
  /** The host's device. */
  readonly device: string;
  /** Name for people. */
  readonly name: string;
  readonly network: PreviewNetwork | undefined;
  /** True if the switch keeps its ports apart. */
  readonly portsIsolated: boolean;
  /** True if the switch sends frames back to the port that they came from. */
  readonly reflects: boolean;
  /** The host's addresses on it, with their subnets. */
  readonly subnets: readonly Subnet[];
}

/** Somebody who has addresses. */
export interface Node {
  readonly name: string;
  readonly link: Link;
  readonly addresses: readonly { readonly text: string; readonly family: Family; readonly value: bigint }[];
  /** The subnets that it reaches without a router. */
  readonly onLink: readonly { readonly family: Family; contains(value: bigint): boolean }[];
  readonly gateway: { readonly ipv4: boolean; readonly ipv6: boolean };
  /** The host's device that it is plugged in by, if that is known. */
  readonly tap: string | undefined;
  /** Its hardware address, if that is known. */
  readonly mac: string | undefined;
  /** True if its port of the switch is kept from others that are isolated. */
  readonly isIsolated: boolean;
  readonly isLinkDown: boolean;
  /** Its network filter, where the rules of that are not known. */
  readonly unknownFilter: string | undefined;
  /** VLAN that its port of the switch is in. */
  readonly vlan: FlowGuest['vlan'];
  /** How it is attached to a NIC, where no bridge is between. */
  readonly attachment: Attachment | undefined;
}

/** Everything that a packet can meet. */
export interface NetworkModel {
  readonly filter: PacketFilter;
  readonly links: readonly Link[];
  /** The links that no network of libvirt has made. */
  readonly lans: readonly Link[];
  readonly guests: ReadonlyMap<string, Node>;
  /** The machine outside, once for each LAN. */
  readonly outside: readonly Node[];
  /** The NICs that a guest has taken from the host. */
  readonly taken: ReadonlySet<Link>;
  /** Who has an address, by family and number. */
  readonly owners: ReadonlyMap<string, Node>;
  /** The host's own addresses, with the link that each is on. */
  readonly hostAddresses: ReadonlyMap<string, Link>;
  readonly kernel: HostKernel;
  /** Where the host sends packets; nothing where its routes are not known, and those to its networks and LANs count. */
  readonly routing: Routing | undefined;
  readonly routes: RouteTable;
  /** The broadcast addresses of the subnets that the host is on. */
  readonly broadcasts: ReadonlySet<bigint>;
  /** Tells why the host does not pass packets on that come in by a device; nothing if it does. */
  forwardingLack(family: Family, device: string): { readonly reason: string; readonly rule?: string } | undefined;
  readonly topology: Topology;
  /** Addresses of one family as text, since printing them is what costs most. */
  readonly texts: Readonly<Record<Family, Map<bigint, string>>>;
}

export const keyOf = (family: Family, value: bigint): string => `${family} ${value}`;

/** A LAN with addresses that are reserved for documentation. */
export const DOCUMENTATION: readonly OutsideSegment[] = [
  {
    device: 'eth0',
    host: ['198.51.100.1/24', '2001:db8:ffff::1/64'],
    outside: ['198.51.100.2/24', '2001:db8:ffff::2/64'],
  },
];

export const TOPOLOGY: OptionNames<Topology> = {
  ...FIREWALL_OPTIONS,
  networks: true,
  guests: true,
  outside: true,
  firewall: true,
  kernel: true,
  hostInput: true,
  forwardPolicy: true,
};

/** Puts a topology together. */
export function networkModelOf(given: Topology): NetworkModel {
  const topology = optionsOf(given, TOPOLOGY, 'a topology');
  expectTopology(topology);
  const segments = topology.outside ?? DOCUMENTATION;
  const lans = segments.map(lanOf);
  const switches = topology.networks.map((network) => linkOf(network, topology, lans));
  const links = [...new Set([...switches, ...lans])];
  const byName = new Map(topology.networks.map((network, i) => [network.name, switches[i]]));
  const attachments = new Map(topology.networks.map((network) => [network.name, attachmentOf(network)]));
  const guests = new Map<string, Node>();
  const taken = new Set<string>();
  for (const guest of topology.guests ?? defaultGuests(topology)) {
    const link = byName.get(guest.network);
    if (link === undefined) throw unknownNetwork(guest);
    const { filter, ...known } = guest;
    const node = guestOf(known, { link, attachment: attachments.get(guest.network) }, taken);
    guests.set(guest.name, topology.firewall === undefined ? { ...node, unknownFilter: filter } : node);
  }
  const outside = segments.map((segment, i) => outsideOf(segment, lans[i]));
  const nodes = [...guests.values(), ...outside];
  const kernel: HostKernel = topology.kernel ?? { settings: new Map() };
  return {
    filter: new PacketFilter(topology.firewall ?? predictionFor(topology, switches)),
    links,
    lans: links.filter(({ network }) => network === undefined),
    guests,
    outside,
    taken: new Set(
      [...guests.values()].flatMap(({ attachment, link }) => (attachment === 'passthrough' ? [link] : [])),
    ),
    owners: new Map(nodes.flatMap((node) => node.addresses.map((one) => [keyOf(one.family, one.value), node]))),
    hostAddresses: hostAddressesOf(links, kernel),
    kernel,
    routing: kernel.routes === undefined ? undefined : new Routing(kernel.routes, kernel),
    routes: new RouteTable(links),
    broadcasts: new Set(links.flatMap(({ subnets }) => subnets.flatMap(broadcastOf))),
    forwardingLack: (family, device) => {
      const known = forwardingOf(kernel, family, device);
      const rule = `${known?.setting} is 0`;
      if (known !== undefined) return known.on ? undefined : { reason: rule, rule };
      return forwards(switches, family) ? undefined : { reason: 'no network that runs needs it' };
    },
    topology,
    texts: { ipv4: new Map(), ipv6: new Map() },
  };
}

/** The rules that libvirt makes for the networks, and the port forwards of this library. */
function predictionFor(topology: Topology, switches: readonly Link[]): HostFirewall {
  const steps = [
    ...firewallBase(partOf<FirewallOptions>(topology, FIREWALL_OPTIONS)),
    ...switches.flatMap(({ network }) => (network === undefined ? [] : networkRules(network, topology.backend))),
  ];
  const forwards = topology.networks.flatMap((network) =>
    network instanceof NatNetwork && network.portForwards.length > 0 ? [planForwards(network, topology)] : [],
  );
  const { backend, forwardPolicy, hostInput } = topology;
  return predictedFirewall({ backend, steps, forwards, forwardPolicy, hostInput });
}

/** The addresses on the host's links, and those that its routes say are its own. */
function hostAddressesOf(links: readonly Link[], { routes = [] }: HostKernel): ReadonlyMap<string, Link> {
  const addresses = new Map<string, Link>();
  for (const { type, to, device, family } of routes) {
    const link = type === 'local' ? links.find((one) => one.device === device) : undefined;
    if (link !== undefined && !to.includes('/')) addresses.set(keyOf(family, numberOf(to)), link);
  }
  for (const link of links)
    for (const { family, gateway } of link.subnets) addresses.set(keyOf(family, numberOf(gateway)), link);
  return addresses;
}

/** The broadcast address of a subnet of IPv4. */
const broadcastOf = ({ family, prefix, network }: Subnet): bigint[] =>
  family === 'ipv4' ? [numberOf(network) | (0xffffffffn ^ maskOf(family, prefix))] : [];

const rangeOf = (cidr: string) => ({ family: Subnet.parse(cidr).family, contains: within(cidr) });

/** libvirt switches forwarding on with the first network that needs it. */
const forwards = (links: readonly Link[], family: Family): boolean =>
  links.some(
    ({ network, subnets }) => network && network.mode !== 'none' && subnets.some((one) => one.family === family),
  );

const lanOf = ({ device, host = [], hairpin = false }: OutsideSegment): Link => ({
  device,
  name: `the LAN at ${device}`,
  network: undefined,
  portsIsolated: false,
  reflects: hairpin,
  subnets: host.map((cidr) => Subnet.parse(cidr)),
});

function linkOf(network: Topology['networks'][number], topology: Topology, lans: readonly Link[]): Link {
  const preview = previewOf(network, topology);
  const portsIsolated = network.document.port?.isolated === true;
  if (preview === undefined) {
    const device = deviceOf(network);
    // Guests are on the LAN itself. Without one that is known, they are among themselves.
    const lan = lans.find((one) => one.device === device);
    return (
      lan ?? {
        device: device ?? network.name,
        name: network.name,
        network: undefined,
        portsIsolated,
        reflects: false,
        subnets: [],
      }
    );
  }
  const subnets = preview.subnets.map(({ subnet }) => subnet);
  return { device: preview.bridge, name: network.name, network: preview, portsIsolated, reflects: false, subnets };
}

type Place = Pick<Node, 'link' | 'attachment'>;

function guestOf(guest: FlowGuest, { link, attachment }: Place, taken: Set<string>): Node {
  const addresses = (guest.addresses ?? link.subnets.map((subnet) => addressIn(guest, subnet, link, taken))).map(
    (text) => addressOfGuest(guest.name, text),
  );
  for (const { text } of addresses) taken.add(`${link.device} ${text}`);
  const own = (guest.addresses ?? []).filter((text) => text.includes('/')).map(rangeOf);
  const onLink = [...own, ...link.subnets.map((subnet) => rangeOf(subnet.cidr))];
  const { name, tap, mac, vlan, isolated: isIsolated = link.portsIsolated } = guest;
  const isLinkDown = guest.link === 'down';
  return {
    name,
    link,
    addresses,
    onLink,
    gateway: gatewayOf(guest, link),
    tap,
    mac,
    isIsolated,
    isLinkDown,
    vlan,
    unknownFilter: undefined,
    attachment,
  };
}

function addressOfGuest(guest: string, text: string): Node['addresses'][number] {
  const address = parseAddress(text.replace(/\/\d+$/, ''));
  if (address !== undefined) return address;
  throw new LibvirtError('INVALID_ARGUMENT', `'${text}' of guest "${guest}" is not an address`, {
    hint: "write it as '192.168.50.10', or '192.168.50.10/24' on a network without subnets",
  });
}

/** The address that a guest gets of a subnet of its link. */
function addressIn(guest: FlowGuest, subnet: Subnet, link: Link, taken: ReadonlySet<string>): string {
  const hosts = link.network?.subnets.find((one) => one.subnet === subnet)?.ip.dhcp?.hosts ?? [];
  const address = freeAddress(guest, { subnet, hosts }, (one) => taken.has(`${link.device} ${one}`));
  if (address !== undefined) return address;
  throw new LibvirtError('INVALID_ARGUMENT', `the subnet ${subnet.cidr} has no address left for guest "${guest.name}"`);
}

/** DHCP and router advertisements give a default route everywhere but on isolated networks. */
function gatewayOf({ gateway }: FlowGuest, { network, subnets }: Link): Node['gateway'] {
  if (typeof gateway === 'object') {
    return { ipv4: gateway.some(isPlainIpv4), ipv6: gateway.some((text) => !isPlainIpv4(text)) };
  }
  const given = gateway ?? (network === undefined || network.mode !== 'none');
  const has = (family: Family): boolean =>
    given && (network === undefined || subnets.some((one) => one.family === family));
  return { ipv4: has('ipv4'), ipv6: has('ipv6') };
}

function outsideOf({ outside }: OutsideSegment, link: Link | undefined): Node {
  if (link === undefined) throw new LibvirtError('INVALID_ARGUMENT', 'a LAN has no device');
  const addresses = outside.map((text) => addressOfGuest('outside', text));
  return {
    name: 'outside',
    link,
    addresses,
    onLink: outside.map(rangeOf),
    gateway: { ipv4: true, ipv6: true },
    tap: undefined,
    mac: undefined,
    isIsolated: false,
    isLinkDown: false,
    vlan: undefined,
    unknownFilter: undefined,
    attachment: undefined,
  };
}

/** Tells whether the network's dnsmasq answers names. */
export const answersNames = ({ network }: Link): boolean =>
  network !== undefined && runsDnsmasq(network) && servesDns(network);

/** How the way of a packet ends. */
export interface End {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly rule?: string | undefined;
  readonly hook?: string | undefined;
  readonly sourceSeen?: string | undefined;
  /** Of dnsmasq's answer: it has asked a server outside for it. */
  readonly asksOutside?: true;
  /** Where a packet filter of the host has stopped the packet. */
  readonly lostAt?: LostAt | undefined;
}

/** A packet, and the chain of the host that stopped it. */
export interface LostAt {
  readonly chain: HostChain;
  readonly hook: HostHook;
  readonly layer: Layer;
  /** As the chain saw it. */
  readonly packet: FilterPacket;
}

/** The host's routes to the subnets that it is on: the narrowest wins. Asking costs one look for each size of subnet. */
class RouteTable {
  readonly #sizes: { readonly family: Family; readonly mask: bigint; readonly links: Map<bigint, Link> }[] = [];

  constructor(links: readonly Link[]) {
    for (const link of links)
      for (const { family, prefix, network } of link.subnets) {
        const mask = maskOf(family, prefix);
        let size = this.#sizes.find((one) => one.family === family && one.mask === mask);
        if (size === undefined) {
          size = { family, mask, links: new Map() };
          this.#sizes.push(size);
        }
        if (!size.links.has(numberOf(network))) size.links.set(numberOf(network), link);
      }
    this.#sizes.sort((a, b) => (a.mask < b.mask ? 1 : -1));
  }

  /** The link that an address is on. */
  find(family: Family, value: bigint): Link | undefined {
    for (const size of this.#sizes) {
      const link = size.family === family ? size.links.get(value & size.mask) : undefined;
      if (link !== undefined) return link;
    }
    return undefined;
  }
}
