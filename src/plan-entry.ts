export { planAbsence } from './client/plan/absence.js';
export { formatPlan } from './client/plan/format.js';
export { OWNER_NAMESPACE, ownerOf, withOwner } from './client/plan/ownership.js';
export { planNetwork } from './client/plan/plan.js';
export type {
  AbsenceOptions,
  Effect,
  EntryRequest,
  OwnershipOptions,
  Plan,
  PlanOptions,
  PlanStep,
  RestartPolicy,
  StepFacts,
} from './client/plan/types.js';
export { findConflicts } from './client/preflight/conflicts.js';
export type { Conflict, ConflictOwner, Neighbour, Preflight, Surroundings } from './client/preflight/types.js';
export type { DeviceFacts, HostFacts, HostView, RouteFacts } from './client/state/host-view.js';
export type { Guest, ObservedState } from './client/state/observed-state.js';
export { LibvirtError, ValidationError } from './errors/index.js';
