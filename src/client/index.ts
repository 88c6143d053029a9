export type { CallOptions } from '../async/deadline.js';
export type { UpdateCommand } from '../schema/update/request.js';
export type { Sections, UpdateSection } from '../schema/update/sections.js';
export { EventQueue } from '../transport/event-queue.js';
export { eventStream, type Feed } from '../transport/event-stream.js';
export { type FailureDetails, libvirtFailure, type Subject, subjectOf } from '../transport/libvirt-error.js';
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
  UpdateInput,
} from '../transport/operations.js';
export { type Limits, type Stop, within } from '../transport/with-deadline.js';
export type { AutoOptions, VirtualKind } from './create-free/create-with-free-subnet.js';
export {
  type ApplyOptions,
  type ApplyProgress,
  type ApplyReport,
  type ApplyResult,
  type ApplyTarget,
  applyAll,
} from './ensure/apply-all.js';
export type { EnsureAbsentOptions, Ensured, EnsureOptions, Reached, ReachOptions } from './ensure/ensure.js';
export type { Applied, ApplyStatus, ManyOptions, ManyProgress } from './ensure/ensure-all.js';
export {
  DesiredNetworks,
  type EnsureAllOptions,
  type EnsurePreview,
  type EnsureResult,
  type PlanningOptions,
  type PreflightOptions,
} from './ensure/ensure-api.js';
export { EnsureError } from './ensure/ensure-error.js';
export type { EnsureProgress } from './ensure/plan-executor.js';
export { type ProgressStream, progressLine } from './ensure/progress-line.js';
export type { Pruned, PruneFailure, PruneOptions } from './ensure/prune.js';
export { NetworkHandle, type ReadOptions, type UpdateOptions } from './handle.js';
export { connect, Host, Interfaces } from './host.js';
export { type MetadataKey, type MetadataNamespace, xmlMetadata } from './metadata.js';
export {
  type DefineOptions,
  type Definition,
  type ListedNetwork,
  type NetworkFilter,
  Networks,
  type TemporaryNetwork,
} from './networks.js';
export { type AbsenceOptions, planAbsence } from './plan/absence.js';
export { formatPlan } from './plan/format.js';
export { OWNER_NAMESPACE, ownerOf, withOwner } from './plan/ownership.js';
export { plan } from './plan/plan.js';
export type {
  Effect,
  EntryRequest,
  OwnershipOptions,
  Plan,
  PlanOptions,
  PlanStep,
  RestartPolicy,
  StepFacts,
} from './plan/types.js';
export { findConflicts } from './preflight/conflicts.js';
export type { Conflict, Neighbour, Owner, Preflight, Surroundings } from './preflight/types.js';
export type { UnreadableDefinition, UnreadableOptions } from './state/definition.js';
export type { DeviceFacts, HostFacts, HostView, RouteFacts } from './state/host-view.js';
export type { Guest, ObservedState as Situation } from './state/observed-state.js';
export type { CommandFor, EntryFor, ModifiableSection } from './update/update-requests.js';
export type { LeaseWanted } from './wait/leases.js';
export type { WaitOptions } from './wait/poll.js';
