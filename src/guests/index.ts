// Guests' NICs: the format and documents
export type {
  Bandwidth,
  BandwidthLimit,
  PortOptions,
  VirtualPort,
  VirtualPortParameters,
  Vlan,
  VlanTag,
} from '../schema/network/ports.js';
// Filters of guests' traffic
// Guests of a host
