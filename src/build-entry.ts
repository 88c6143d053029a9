export * from './errors/public.js';
export { BaseNetwork } from './model/base.js';
export type { Change } from './model/diff.js';
export { HostdevNic, VdpaNic } from './model/guest-nic/device-nics.js';
export { BridgeNic, DirectNic, EthernetNic } from './model/guest-nic/host-nics.js';
export { NetworkNic } from './model/guest-nic/network-nic.js';
export { InternalNic, NullNic, VdsNic } from './model/guest-nic/other-nics.js';
export { ClientNic, MulticastNic, ServerNic, UdpNic } from './model/guest-nic/socket-nics.js';
export { UserNic, VhostUserNic } from './model/guest-nic/user-nics.js';
export type { NetworkKind } from './model/kind.js';
export {
  BridgedNetwork,
  type BridgedOptions,
  DirectNetwork,
  type DirectOptions,
  HostdevNetwork,
  type HostdevOptions,
  TaggedNetwork,
} from './model/kinds/bridged-networks.js';
export {
  defaultNetwork,
  IsolatedNetwork,
  type IsolatedOptions,
  NatNetwork,
  OpenNetwork,
  RoutedNetwork,
} from './model/kinds/virtual-kinds.js';
export {
  type BridgeOptions,
  type DnsOptions,
  type RouteOptions,
  VirtualNetwork,
} from './model/kinds/virtual-network.js';
export { bridgeNameFor, macFor } from './model/names.js';
export type { ToXmlOptions } from './model/print-options.js';
export type { Reservation, ReserveOptions } from './model/reserve.js';
export {
  type Cidr,
  type HostOptions,
  type LeaseTime,
  type RangeOptions,
  Subnet,
  SubnetBuilder,
} from './model/subnet.js';
export type { VlanTags } from './model/vlan.js';
export type { HostInterface } from './schema/interface.js';
export type { DnsForwarder, DnsHost, DnsSrv, DnsTxt } from './schema/network/dns.js';
export type { Bootp, DhcpHost } from './schema/network/ip.js';
export type { Domain, NetworkDocument } from './schema/network/network.js';
export type { Bandwidth, PortGroup, VirtualPort } from './schema/network/ports.js';
export type { NetworkPort } from './schema/networkport.js';
export { PORT_FORWARD_NAMESPACE, type PortForward, type PortRange } from './schema/port-forward.js';
export { NEWEST_RELEASE, type ReadingOptions, type Release, type ReleaseOption } from './schema/release.js';
export type { Rule } from './schema/rules/rule.js';
export { RULES, type RuleId } from './schema/rules/table.js';
export type { XmlElement } from './xml/node.js';
