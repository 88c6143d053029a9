import type { WholeBridge } from './canonical.js';
import type { BridgePort, HostBridgeDocument, VxlanPort } from './document.js';

/** Features of a host bridge, each with its name for people: the rows of the capability matrix. */
export const BRIDGE_FIELDS = {
  mac: 'MAC address',
  mtu: 'MTU',
  stp: 'spanning tree',
  forwardDelay: 'forward delay',
  helloTime: 'hello time',
  maxAge: 'max age',
  priority: 'bridge priority',
  ageingTime: 'ageing time',
  multicastSnooping: 'multicast snooping',
  vlanFiltering: 'VLAN filtering',
  defaultPvid: 'default PVID',
  ownVlans: 'VLANs of the bridge itself',
  nicPort: 'card as port',
  vlanPort: 'VLAN device as port',
  bondPort: 'bond as port',
  vxlanPort: 'VXLAN as port',
  vxlanRemotes: 'more than one remote host of a VXLAN',
  vxlanGroup: 'multicast group of a VXLAN',
  vxlanDevice: 'device below a VXLAN',
  vxlanLearning: 'VXLAN that does not learn',
  bondMonitor: 'link monitor of a bond',
  lacpRate: 'LACP rate of a bond',
  hashPolicy: 'hash policy of a bond',
  bondPrimary: 'primary card of a bond',
  portMtu: 'MTU of a port of its own',
  pathCost: 'path cost of a port',
  portPriority: 'priority of a port',
  hairpin: 'hairpin mode of a port',
  isolated: 'isolated port',
  portVlans: 'VLANs of a port',
  dhcp4: 'IPv4 by DHCP',
  clientId: 'DHCP client id',
  addresses4: 'IPv4 addresses',
  gateway4: 'IPv4 gateway',
  slaac: 'IPv6 by advertisements',
  dhcp6: 'IPv6 by DHCP',
  autoMetric4: 'metric of routes by DHCP',
  autoMetric6: 'metric of routes by advertisements',
  noDns4: 'no name servers by DHCP',
  noDns6: 'no name servers by IPv6',
  addresses6: 'IPv6 addresses',
  gateway6: 'IPv6 gateway',
  dnsServers: 'name servers',
  dnsSearch: 'search domains',
  routes: 'routes',
  routeMetric: 'metric of a route',
  routeTable: 'routing table',
  routeOnLink: 'route on link',
  autostart: 'not started with the host',
} as const;

/** The key of something that a host bridge can ask for. */
export type BridgeField = keyof typeof BRIDGE_FIELDS;

/** A feature that a particular bridge uses. */
export interface FieldUse {
  readonly field: BridgeField;
  /** Property path such as `ports[0].pathCost`. */
  readonly path: string;
  readonly value: unknown;
}

/** The place of a list’s item in its property path: 2 in `routes[2].metric`. */
export const indexIn = (path: string): number => Number(/\[(\d+)\]/.exec(path)?.[1]);

type Entry = readonly [field: BridgeField, path: string, value: unknown];

/**
 * Everything that a bridge asks for, in the order of the document.
 *
 * @param document - as it was given: what was filled in is nobody's wish
 * @param bridge - the same with its defaults filled in
 */
export function fieldUses(document: HostBridgeDocument, bridge: WholeBridge): readonly FieldUse[] {
  const entries: readonly Entry[] = [
    ...bridge.ports.flatMap((port, i) => fieldUsesOfPort(port, document.ports?.[i], bridge.mtu, `ports[${i}]`)),
    ['mac', 'mac', document.mac === 'kernel' ? undefined : document.mac],
    ['mtu', 'mtu', bridge.mtu],
    ...fieldUsesOfSwitch(bridge),
    ...fieldUsesOfAddresses(bridge),
    ['autostart', 'autostart', bridge.autostart ? undefined : false],
  ];
  return entries.flatMap(([field, path, value]) => (value === undefined ? [] : [{ field, path, value }]));
}

function fieldUsesOfPort(
  port: BridgePort,
  given: BridgePort | undefined,
  bridgeMtu: number | undefined,
  path: string,
): readonly Entry[] {
  const bond =
    port.type === 'bond' ? port : port.type === 'vlan' && port.parent.type === 'bond' ? port.parent : undefined;
  const bondPath = port.type === 'vlan' ? `${path}.parent` : path;
  return [
    ['nicPort', path, port.type === 'nic' ? port.name : undefined],
    ['vlanPort', path, port.type === 'vlan' ? port.name : undefined],
    ['bondPort', bondPath, bond?.name],
    ...(port.type === 'vxlan' ? fieldUsesOfVxlan(port, path) : []),
    ['bondMonitor', `${bondPath}.monitorInterval`, bond?.monitorInterval],
    ['lacpRate', `${bondPath}.lacpRate`, bond?.lacpRate],
    ['hashPolicy', `${bondPath}.transmitHashPolicy`, bond?.transmitHashPolicy],
    ['bondPrimary', `${bondPath}.primary`, bond?.primary],
    ['portMtu', `${path}.mtu`, given?.mtu === bridgeMtu ? undefined : given?.mtu],
    [
      'portMtu',
      `${path}.parent.mtu`,
      given?.type === 'vlan' && given.parent.mtu !== port.mtu ? given.parent.mtu : undefined,
    ],
    ['pathCost', `${path}.pathCost`, port.pathCost],
    ['portPriority', `${path}.priority`, port.priority],
    ['hairpin', `${path}.hairpin`, port.hairpin],
    ['isolated', `${path}.isolated`, port.isolated],
    ['portVlans', `${path}.vlans`, port.vlans],
  ];
}

const fieldUsesOfVxlan = (
  { name, remotes = [], group, device, learning }: VxlanPort,
  path: string,
): readonly Entry[] => [
  ['vxlanPort', path, name],
  ['vxlanRemotes', `${path}.remotes`, remotes.length > 1 ? remotes : undefined],
  ['vxlanGroup', `${path}.group`, group],
  ['vxlanDevice', `${path}.device`, device],
  ['vxlanLearning', `${path}.learning`, learning],
];

const fieldUsesOfSwitch = ({ stp, ageingTime, multicastSnooping, vlanFiltering }: WholeBridge): readonly Entry[] => [
  ['stp', 'stp.enabled', stp.enabled || undefined],
  ['forwardDelay', 'stp.forwardDelay', stp.forwardDelay],
  ['helloTime', 'stp.helloTime', stp.helloTime],
  ['maxAge', 'stp.maxAge', stp.maxAge],
  ['priority', 'stp.priority', stp.priority],
  ['ageingTime', 'ageingTime', ageingTime],
  ['multicastSnooping', 'multicastSnooping', multicastSnooping],
  ['vlanFiltering', 'vlanFiltering', vlanFiltering],
  ['defaultPvid', 'vlanFiltering.defaultPvid', vlanFiltering?.defaultPvid],
  ['ownVlans', 'vlanFiltering.vlans', vlanFiltering?.vlans],
];

const fieldUsesOfAddresses = ({ ipv4, ipv6, dns, routes }: WholeBridge): readonly Entry[] => [
  ['dhcp4', 'ipv4.auto', ipv4.auto],
  ['clientId', 'ipv4.clientId', ipv4.clientId],
  ['addresses4', 'ipv4.addresses', ipv4.addresses],
  ['gateway4', 'ipv4.gateway', ipv4.gateway],
  ['slaac', 'ipv6.auto', ipv6.auto === 'slaac' ? ipv6.auto : undefined],
  ['dhcp6', 'ipv6.auto', ipv6.auto === 'dhcp' ? ipv6.auto : undefined],
  ['autoMetric4', 'ipv4.routeMetric', ipv4.routeMetric],
  ['autoMetric6', 'ipv6.routeMetric', ipv6.routeMetric],
  ['noDns4', 'ipv4.useDns', ipv4.useDns],
  ['noDns6', 'ipv6.useDns', ipv6.useDns],
  ['addresses6', 'ipv6.addresses', ipv6.addresses],
  ['gateway6', 'ipv6.gateway', ipv6.gateway],
  ['dnsServers', 'dns.servers', dns?.servers],
  ['dnsSearch', 'dns.search', dns?.search],
  ...routes.flatMap((route, i): readonly Entry[] => [
    ['routes', `routes[${i}]`, route],
    ['routeMetric', `routes[${i}].metric`, route.metric],
    ['routeTable', `routes[${i}].table`, route.table],
    ['routeOnLink', `routes[${i}].onLink`, route.onLink],
  ]),
];
