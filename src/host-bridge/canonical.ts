import { normalizeMac } from '../schema/scalar.js';
import { compact } from '../schema/values.js';
import { EVERYWHERE, familyOf, plainAddress } from './address.js';
import type {
  BridgeMac,
  BridgePort,
  BridgeRoute,
  HostBridgeDocument,
  Ipv4Setup,
  Ipv6Setup,
  PortDevice,
  SpanningTree,
  VlanFiltering,
  VlanMember,
  VxlanPort,
} from './document.js';
import { mtuOfVxlan, VXLAN_PORT } from './vxlan.js';

/** A bridge with its defaults filled in and every address in one spelling: two that mean the same are the same. */
export interface WholeBridge extends HostBridgeDocument {
  readonly ports: readonly BridgePort[];
  readonly stp: SpanningTree;
  readonly ipv4: Ipv4Setup;
  readonly ipv6: Ipv6Setup;
  readonly routes: readonly BridgeRoute[];
  readonly autostart: boolean;
}

/**
 * Fills in the defaults and drops what says nothing.
 *
 * @param document - valid by `checkHostBridge`
 */
export function wholeBridge(document: HostBridgeDocument): WholeBridge {
  const { ports = [], mtu } = document;
  const { gateways, routes } = routesOf(document);
  return compact({
    ...document,
    ports: ports.map((port) => wholePort(port, mtu)),
    mac: wholeMac(document.mac, ports),
    stp: wholeStp(document.stp),
    vlanFiltering: wholeFiltering(document.vlanFiltering),
    ipv4: compact({
      auto: document.ipv4?.auto,
      clientId: document.ipv4?.clientId,
      ...wholeSetup(document.ipv4, gateways.ipv4),
    }),
    ipv6: compact({ auto: document.ipv6?.auto, ...wholeSetup(document.ipv6, gateways.ipv6) }),
    dns: wholeDns(document.dns),
    routes,
    autostart: document.autostart ?? true,
  });
}

function wholeMac(mac: BridgeMac | undefined, ports: readonly BridgePort[]): BridgeMac | undefined {
  // The LAN knows no host by a VXLAN, whose address is a new one each time.
  const first = ports.find(({ type }) => type !== 'vxlan');
  // Without such ports the kernel's choice is as good as none: there is nothing to drift with.
  if (first === undefined) return mac === 'kernel' ? undefined : plainMac(mac);
  return plainMac(mac) ?? { copyFrom: first.name };
}

const plainMac = (mac: BridgeMac | undefined): BridgeMac | undefined =>
  typeof mac === 'string' ? (normalizeMac(mac) ?? mac) : mac;

/** Without the spanning tree the kernel forwards at once, whether a delay of nothing is written or not. */
function wholeStp(stp: SpanningTree = { enabled: false }): SpanningTree {
  const { forwardDelay, ...others } = stp;
  return !stp.enabled && forwardDelay === 0 ? others : stp;
}

function wholePort(port: BridgePort, mtu: number | undefined): BridgePort {
  const { vlans, hairpin, isolated } = port;
  return compact({
    ...withMtu(wholeDevice(port), mtu),
    hairpin: hairpin || undefined,
    isolated: isolated || undefined,
    vlans: wholeVlans(vlans),
  });
}

const wholeDevice = (port: BridgePort): BridgePort => (port.type === 'vxlan' ? wholeVxlan(port) : port);

function wholeVxlan(device: BridgePort & VxlanPort): BridgePort {
  const { local, remotes, group, port = VXLAN_PORT, learning } = device;
  return compact({
    ...device,
    local: local && plainAddress(local),
    remotes: some(remotes?.map(plainAddress)),
    group: group && plainAddress(group),
    port,
    learning: learning === false ? false : undefined,
  });
}

/** A port carries the packets of the bridge, and a VLAN's parent those of the VLAN. */
function withMtu<T extends PortDevice>(device: T, mtu: number | undefined): T {
  const own = device.type === 'vxlan' ? mtuOfVxlan(device, mtu) : (device.mtu ?? mtu);
  const sized = own === undefined ? device : { ...device, mtu: own };
  return sized.type === 'vlan' ? { ...sized, parent: withMtu(sized.parent, own) } : sized;
}

function wholeFiltering(filtering: VlanFiltering | undefined): VlanFiltering | undefined {
  return filtering && compact({ ...filtering, vlans: wholeVlans(filtering.vlans) });
}

function wholeVlans(vlans: readonly VlanMember[] | undefined): readonly VlanMember[] | undefined {
  if (vlans === undefined || vlans.length === 0) return undefined;
  const members = vlans.map(({ id, pvid, untagged }) =>
    compact({
      id: typeof id !== 'number' && id.from === id.to ? id.from : id,
      pvid: pvid || undefined,
      untagged: untagged || undefined,
    }),
  );
  return members.sort((a, b) => firstVlan(a) - firstVlan(b));
}

const firstVlan = ({ id }: VlanMember): number => (typeof id === 'number' ? id : id.from);

const wholeSetup = (setup: Ipv4Setup | Ipv6Setup | undefined, gateway: string | undefined) => ({
  routeMetric: setup?.routeMetric,
  useDns: setup?.useDns === false ? false : undefined,
  addresses: some(setup?.addresses?.map(plainAddress)),
  gateway: gateway === undefined ? undefined : plainAddress(gateway),
});

const some = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list;

function wholeDns(dns: HostBridgeDocument['dns']): HostBridgeDocument['dns'] {
  const whole = compact({ servers: some(dns?.servers?.map(plainAddress)), search: some(dns?.search) });
  return Object.keys(whole).length === 0 ? undefined : whole;
}

/** A route to everywhere without anything special is the gateway under another name. */
function routesOf({ ipv4, ipv6, routes = [] }: HostBridgeDocument) {
  const gateways = { ipv4: ipv4?.gateway, ipv6: ipv6?.gateway };
  const others: BridgeRoute[] = [];
  for (const { to, via, metric, table, onLink } of routes) {
    const plain = plainAddress(to);
    const isGateway = plain === EVERYWHERE[familyOf(to)] && metric === undefined && table === undefined && !onLink;
    if (isGateway && via !== undefined && gateways[familyOf(to)] === undefined) gateways[familyOf(to)] = via;
    else others.push(wholeRoute({ to, ...compact({ via, metric, table, onLink }) }));
  }
  return { gateways, routes: others };
}

function wholeRoute({ to, via, metric, table, onLink }: BridgeRoute): BridgeRoute {
  return compact({
    to: plainAddress(to),
    via: via === undefined ? undefined : plainAddress(via),
    metric,
    table,
    onLink: onLink || undefined,
  });
}

/** Defaults of the kernel: writing them down changes nothing. */
const KERNEL = { forwardDelay: 15, helloTime: 2, maxAge: 20, priority: 32_768 } as const;

/**
 * The same with everything in one order where the order means nothing, or is not kept by all systems: ports, the
 * devices of a bond, and the two families apart.
 */
export function sortedBridge(bridge: WholeBridge): WholeBridge {
  const { ports, routes, dns } = bridge;
  const servers = dns?.servers;
  return compact({
    ...bridge,
    ports: ports.map(withSortedDevices).sort((a, b) => (a.name < b.name ? -1 : 1)),
    routes: [...routes].sort((a, b) => byFamily(a.to, b.to)),
    dns: servers === undefined ? dns : { ...dns, servers: [...servers].sort(byFamily) },
  });
}

const byFamily = (a: string, b: string): number => Number(a.includes(':')) - Number(b.includes(':'));

function withSortedDevices<T extends PortDevice>(device: T): T {
  if (device.type === 'bond') return { ...device, devices: [...device.devices].sort() };
  if (device.type === 'vxlan' && device.remotes !== undefined)
    return { ...device, remotes: [...device.remotes].sort() };
  return device.type === 'vlan' ? { ...device, parent: withSortedDevices(device.parent) } : device;
}

/** A bridge without what only repeats the kernel's defaults, for comparing. */
export function normalizedBridge(document: HostBridgeDocument): WholeBridge {
  const whole = sortedBridge(wholeBridge(document));
  const { stp, ageingTime, multicastSnooping, vlanFiltering, ports } = whole;
  const unless = <T>(value: T | undefined, usual: T): T | undefined => (value === usual ? undefined : value);
  return compact({
    ...whole,
    stp: compact({
      enabled: stp.enabled,
      forwardDelay: unless(stp.forwardDelay, KERNEL.forwardDelay),
      helloTime: unless(stp.helloTime, KERNEL.helloTime),
      maxAge: unless(stp.maxAge, KERNEL.maxAge),
      priority: unless(stp.priority, KERNEL.priority),
    }),
    ageingTime: unless(ageingTime, 300),
    multicastSnooping: unless(multicastSnooping, true),
    vlanFiltering: vlanFiltering && compact({ ...vlanFiltering, defaultPvid: unless(vlanFiltering.defaultPvid, 1) }),
    ports: ports.map((port) => compact({ ...port, priority: unless(port.priority, 32) })),
  });
}
