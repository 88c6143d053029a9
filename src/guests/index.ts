// Guests' NICs: the format and documents

// Guests of a host
export type { AddressWanted } from '../client/guests/addresses.js';
export type { AttachedNic, NicSource } from '../client/guests/attached-nic.js';
export type { GuestCopies } from '../client/guests/copies.js';
export {
  type AddressOptions,
  type DetachOptions,
  GuestHandle,
  type NicChangeOptions,
  type NicsOptions,
} from '../client/guests/guest-handle.js';
export { type GuestFilter, Guests, guests, type ListedGuest } from '../client/guests/guests.js';
// Filters of guests' traffic
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
  GuestRunState,
  GuestState,
  NicStatistics,
} from '../transport/guest-operations.js';
