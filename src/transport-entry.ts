export type { CallOptions } from './async/deadline.js';
export {
  type ErrorDetails,
  LibvirtError,
  noteUncertain,
  type OperationErrorDetails,
  redact,
  type TransportErrorDetails,
} from './errors/index.js';
export type { UpdateCommand } from './schema/update/request.js';
export type { UpdateSection } from './schema/update/sections.js';
export { type BoundedQueue, EventQueue, type StreamEvent } from './transport/event-queue.js';
export { eventStream, type Feed, type FeedOf } from './transport/event-stream.js';
export type {
  BindingInput,
  BindingState,
  FilterInput,
  FilterOperations,
  FilterState,
} from './transport/filter-operations.js';
export { guestEventStream } from './transport/guest-events.js';
export type {
  GuestDeviceInput,
  GuestEvent,
  GuestInput,
  GuestListInput,
  GuestOperations,
  GuestState,
} from './transport/guest-operations.js';
export { type Subject, subjectOf } from './transport/libvirt-error.js';
export { type FailureDetails, libvirtFailure } from './transport/libvirt-failure.js';
export type { Copies, Op } from './transport/op.js';
export type {
  Capabilities,
  DocumentInput,
  EventOptions,
  GuestEventOptions,
  InterfaceState,
  LeaseRecord,
  ListInput,
  NetworkEvent,
  NetworkInput,
  NetworkOperations,
  NetworkState,
  Operation,
  Operations,
  Transport,
  UpdateInput,
} from './transport/operations.js';
export { type Limits, type Stop, within } from './transport/with-deadline.js';
