export type { CallOptions } from './async/deadline.js';
export {
  type ErrorDetails,
  noteUncertain,
  type OperationErrorDetails,
  redact,
  type TransportErrorDetails,
} from './errors/index.js';
export { EventQueue } from './transport/event-queue.js';
export { eventStream, type Feed } from './transport/event-stream.js';
export { type FailureDetails, libvirtFailure, type Subject, subjectOf } from './transport/libvirt-error.js';
export type {
  Capabilities,
  Copies,
  DocumentInput,
  EventOptions,
  InterfaceState,
  LeaseRecord,
  ListInput,
  NetworkEvent,
  NetworkInput,
  NetworkState,
  Op,
  Operation,
  Operations,
  Transport,
  UpdateCommand,
  UpdateInput,
  UpdateSection,
} from './transport/operations.js';
export { type Limits, type Stop, within } from './transport/with-deadline.js';
