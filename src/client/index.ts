export { FAILURES, type FailureRule } from './failures.js';
export { type LeaseWanted, NetworkHandle, type UpdateOptions } from './handle.js';
export {
  connect,
  type DefineOptions,
  Host,
  Interfaces,
  type NetworkFilter,
  Networks,
  type TemporaryNetwork,
} from './host.js';
export type {
  CallOptions,
  Copies,
  EventOptions,
  HostVersions,
  InterfaceState,
  LeaseRecord,
  NetworkEvent,
  NetworkInput,
  NetworkState,
  Operation,
  Operations,
  Transport,
  UpdateCommand,
  UpdateSection,
} from './operations.js';
export type { Sections } from './update.js';
