export type { CallOptions } from '../async/deadline.js';
export type { UpdateCommand } from '../schema/update/request.js';
export type { UpdateSection } from '../schema/update/sections.js';
export type { Copies } from '../transport/op.js';
export type {
  Capabilities,
  EventOptions,
  InterfaceState,
  LeaseRecord,
  NetworkEvent,
  NetworkState,
  Operation,
  Transport,
} from '../transport/operations.js';
export type { AutoOptions, VirtualKind } from './create-free/create-with-free-subnet.js';
export {
  type ApplyAllOptions,
  type ApplyProgress,
  type ApplyReport,
  type ApplyResult,
  type ApplyTarget,
  applyAll,
} from './ensure/apply-all.js';
export type { EnsureAbsentOptions, Ensured, EnsureOptions, Reached, ReachOptions } from './ensure/ensure.js';
export type { ManyOptions } from './ensure/ensure-all.js';
export {
  DesiredNetworks,
  type EnsureAllOptions,
  type EnsurePreview,
  type EnsureResult,
  type PlanAllOptions,
  type PlanningOptions,
} from './ensure/ensure-api.js';
export { EnsureError } from './ensure/ensure-error.js';
export type { Applied, ApplyStatus, ManyProgress } from './ensure/ensure-many.js';
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
export { formatPlan } from './plan/format.js';
export { ownerOf, withOwner } from './plan/ownership.js';
export type { Effect, Plan, PlanOptions, PlanStep, RestartPolicy } from './plan/types.js';
export type { PreflightOptions } from './preflight/preflight.js';
export type { Conflict, ConflictOwner, Preflight } from './preflight/types.js';
export type { UnreadableDefinition, UnreadableOptions } from './state/definition.js';
export type { HostView } from './state/host-view.js';
export type { Guest } from './state/observed-state.js';
export type { CommandFor, EntryFor, ModifiableSection } from './update/update-requests.js';
export type { LeaseWanted } from './wait/leases.js';
export type { WaitOptions } from './wait/poll.js';
export { type NetworksView, type WatchOptions, watchNetworks } from './watch/watch-networks.js';
