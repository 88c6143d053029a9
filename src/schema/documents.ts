export type { Family } from './address.js';
export type { Extra } from './element.js';
export type {
  BondArpmon,
  BondMiimon,
  HostInterface,
  InterfaceBond,
  InterfaceBridge,
  InterfaceDhcp,
  InterfaceIp,
  InterfaceLink,
  InterfaceMac,
  InterfaceMtu,
  InterfaceProtocol,
  InterfaceRoute,
  InterfaceStart,
  InterfaceVlan,
  VlanDevice,
} from './interface.js';
export type { Dns, DnsForwarder, DnsHost, DnsSrv, DnsTxt } from './network/dns.js';
export type {
  Forward,
  ForwardDriver,
  ForwardInterface,
  ForwardMode,
  Nat,
  NatAddress,
  NatPort,
  PciAddress,
  PhysicalFunction,
  PlugAddress,
  ZpciAddress,
} from './network/forward.js';
export type { Bootp, Dhcp, DhcpHost, DhcpRange, Ip, Lease, Route, Tftp } from './network/ip.js';
export type { Bridge, DnsmasqOption, DnsmasqOptions, Domain, Mac, Mtu, NetworkDocument } from './network/network.js';
export type {
  Bandwidth,
  BandwidthLimit,
  PortGroup,
  PortOptions,
  VirtualPort,
  VirtualPortParameters,
  Vlan,
  VlanTag,
} from './network/ports.js';
export type { NetworkPort, PortMac, PortOwner, PortPlug, PortRxFilters } from './networkport.js';
export type { Uint64 } from './scalar.js';
