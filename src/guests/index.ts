// Guests' NICs: the format and documents

// Filters of guests' traffic
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
export { type GuestFilter, Guests, type ListedGuest } from '../client/guests/guests.js';
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
  AddressSource,
  GuestAddress,
  GuestRunState,
  GuestState,
  NicStatistics,
} from '../transport/guest-operations.js';
export { guests } from './guests-of-host.js';
