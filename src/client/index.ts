export type { AutoOptions, VirtualKind } from './allocate/index.js';
export {
  type ApplyOptions,
  type ApplyProgress,
  type ApplyReport,
  type ApplyResult,
  type ApplyTarget,
  applyAll,
} from './apply-all.js';
export {
  DesiredNetworks,
  type EnsureAllOptions,
  type EnsurePreview,
  type EnsureResult,
  type PlanningOptions,
  type PreflightOptions,
} from './desired.js';
export type { EnsureAbsentOptions, Ensured, EnsureOptions, Reached, ReachOptions } from './ensure.js';
export { EnsureError } from './ensure-error.js';
export type { Sections } from './entries.js';
export { EventQueue } from './event-queue.js';
export { eventStream, type Feed } from './event-stream.js';
export { type FailureDetails, libvirtFailure, type Subject, subjectOf } from './failure.js';
export { NetworkHandle, type ReadOptions, type UpdateOptions } from './handle.js';
export { connect, Host, Interfaces } from './host.js';
export type { HostAddress, HostDevice, HostFacts, HostRoute, HostView } from './host-view.js';
export type { LeaseWanted } from './leases.js';
export type { Applied, ApplyStatus, ManyOptions, ManyProgress } from './many.js';
export { type MetadataKey, type MetadataNamespace, xmlMetadata } from './metadata.js';
export {
  type DefineOptions,
  type Definition,
  type ListedNetwork,
  type NetworkFilter,
  Networks,
  type TemporaryNetwork,
} from './networks.js';
export type {
  CallOptions,
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
} from './operations.js';
export { OWNER_NAMESPACE, type OwnershipOptions, ownerOf, withOwner } from './ownership.js';
export {
  type AbsenceOptions,
  type Effect,
  type EntryRequest,
  formatPlan,
  type Guest,
  type Plan,
  type PlanOptions,
  type PlanStep,
  plan,
  planAbsence,
  type RestartPolicy,
  type Situation,
  type StepFacts,
} from './plan/index.js';
export type { WaitOptions } from './poll.js';
export {
  type Conflict,
  findConflicts,
  type Neighbour,
  type Owner,
  type Preflight,
  type Surroundings,
} from './preflight/index.js';
export { type ProgressStream, progressLine } from './progress-line.js';
export type { Pruned, PruneFailure, PruneOptions } from './prune.js';
export type { CommandFor, EntryFor, ModifiableSection } from './update.js';
export { type Limits, type Stop, within } from './within.js';
export type { EnsureProgress } from './work.js';
