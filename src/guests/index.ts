// Guests: the format of their NICs, the filters of their traffic, and the guests of a host.

export { Filters, filters } from '../client/filters/filters.js';
export type { AddressWanted } from '../client/guests/addresses.js';
export type { GuestCopies } from '../client/guests/copies.js';
export {
  type AddressOptions,
  type DetachOptions,
  GuestHandle,
  type NicChangeOptions,
  type NicsOptions,
} from '../client/guests/guest-handle.js';
export { type GuestFilter, Guests, type ListedGuest } from '../client/guests/guests.js';
export type { NicSource } from '../client/guests/nic-source.js';
export { formatIssue, type Issue, LibvirtError, ValidationError, XmlSyntaxError } from '../errors/index.js';
export type { BuiltInFilter, FilterName } from '../model/filter/built-in.js';
export { FilterBinding } from '../model/filter/filter-binding.js';
export type { FilterValue, FilterXmlOptions } from '../model/filter/filter-value.js';
export {
  type FilterChainOptions,
  type FilterParameters,
  type FilterRuleOptions,
  NwFilter,
  type OwnAddresses,
} from '../model/filter/nw-filter.js';
export type { FilterPackets, FilterPorts, PacketsOf } from '../model/filter/packets.js';
export { BaseNic, type NicPatch } from '../model/guest-nic/base.js';
export type { HostdevNicOptions } from '../model/guest-nic/device-nics.js';
export type { DirectNicOptions } from '../model/guest-nic/direct-options.js';
export { editDomainXml, nicsOf } from '../model/guest-nic/domain.js';
export { EmulatedNic, FilteredNic, type NicFilterParameters, SwitchedNic } from '../model/guest-nic/emulated.js';
export type { AnyNic } from '../model/guest-nic/guest-nic.js';
export type {
  GuestNicOptions,
  NetworkNicOptions,
  SwitchedNicOptions,
} from '../model/guest-nic/options.js';
export { OtherNic } from '../model/guest-nic/other-nics.js';
export type { NicIp, NicPortForward, NicPortRange } from '../schema/guests/addresses.js';
export type {
  NicAcpi,
  NicAddress,
  NicAddressType,
  NicAlias,
  NicBoot,
  NicGuestDevice,
  NicMac,
  NicModel,
  NicRom,
  NicTeaming,
} from '../schema/guests/card.js';
export type {
  HostdevNicDriver,
  NicBackend,
  NicDriver,
  NicGuestOffloads,
  NicHostOffloads,
  NicTune,
} from '../schema/guests/driver.js';
export type {
  NicBackendDomain,
  NicCoalesce,
  NicCoalesceFrames,
  NicCoalesceRx,
  NicFilter,
  NicFilterParameter,
  NicLink,
  NicMtu,
  NicScript,
  NicTarget,
} from '../schema/guests/host-end.js';
export type { MacTableManager, NetworkNicSource, ReportedNetwork } from '../schema/guests/network-source.js';
export type {
  BridgeNicDocument,
  ClientNicDocument,
  DirectNicDocument,
  EmulatedNicParts,
  EthernetNicDocument,
  FilteredNicParts,
  HostdevNicDocument,
  InternalNicDocument,
  MulticastNicDocument,
  NetworkNicDocument,
  NicDocument,
  NicKind,
  NicParts,
  NullNicDocument,
  OtherNicDocument,
  ServerNicDocument,
  UdpNicDocument,
  UserNicDocument,
  VdpaNicDocument,
  VdsNicDocument,
  VhostUserNicDocument,
} from '../schema/guests/nic.js';
export { GUEST_RULES, type GuestRuleId } from '../schema/guests/rules/table.js';
export type {
  BridgeNicSource,
  DirectNicSource,
  EthernetNicSource,
  HostdevNicAddress,
  HostdevNicSource,
  InternalNicSource,
  MacvtapMode,
  NicReconnect,
  ServerNicSource,
  SocketNicSource,
  UdpLocal,
  UdpNicSource,
  UsbId,
  UserNicSource,
  VdpaNicSource,
  VdsNicSource,
  VhostUserNicSource,
} from '../schema/guests/sources.js';
export type {
  Bandwidth,
  BandwidthLimit,
  PortOptions,
  VirtualPort,
  VirtualPortParameters,
  Vlan,
  VlanTag,
} from '../schema/network/ports.js';
export type {
  BindingBackend,
  BindingDevice,
  BindingMac,
  BindingOwner,
  FilterBindingDocument,
} from '../schema/nwfilter/binding.js';
export type {
  FilterAction,
  FilterDirection,
  FilterDocument,
  FilterEntry,
  FilterRule,
  FilterRuleMatches,
} from '../schema/nwfilter/filter.js';
export type { FilterParameter, FilterReference } from '../schema/nwfilter/filterref.js';
export type {
  AddressMatch,
  AnyMatch,
  ArpMatch,
  FilterMatches,
  FilterProtocol,
  FrameMatch,
  IcmpMatch,
  IpMatch,
  Ipv6Match,
  MacMatch,
  PacketMatch,
  PortMatch,
  PortRangeMatch,
  StpMatch,
  TcpMatch,
  VlanMatch,
} from '../schema/nwfilter/matches.js';
export type { ArpOpcode, FrameProtocol, PacketProtocol } from '../schema/nwfilter/numbers.js';
export { FILTER_RULES, type FilterRuleId } from '../schema/nwfilter/rules.js';
export type { FilterNumber, FilterPrefix, FilterVariable } from '../schema/nwfilter/variable.js';
export type {
  AddressSource,
  GuestAddress,
  GuestEvent,
  GuestRunState,
  GuestState,
  NicStatistics,
} from '../transport/guest-operations.js';
export type { GuestEventOptions } from '../transport/operations.js';
export { guests } from './guests-of-host.js';
export { readTopology, type TopologyOptions } from './read-topology.js';
