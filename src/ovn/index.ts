export type { CallOptions } from '../async/deadline.js';
export type { OvnOpening, OvnOwnAddress } from '../ovn-model/openings.js';
export type { OvnOutside, OvnOutsideFor } from '../ovn-model/outside.js';
export type {
  OvnTopology,
  OvnTopologyChassis,
  OvnTopologyGuest,
  OvnTopologyNetwork,
  OvnTopologyOutside,
} from '../ovn-model/topology.js';
export { OvnUnsupportedError, type OvnUnsupportedField } from '../ovn-model/unsupported.js';
export type {
  NamedRow,
  OvsdbAtom,
  OvsdbAtomInput,
  OvsdbRow,
  OvsdbRowInput,
  OvsdbValue,
  OvsdbValueInput,
} from '../ovn-model/values.js';
export type { Runner } from '../process/runner.js';
export { type ChassisReport, chassis } from './chassis/chassis.js';
export type { ChassisLack, ChassisPart } from './chassis/lacks.js';
export type { ChassisOptions } from './chassis/options.js';
export { renderChassis } from './chassis/render.js';
export type { OvsdbCondition, OvsdbMutation, OvsdbOperation, OvsdbResult, OvsdbWhere } from './database/operations.js';
export type { OvsdbWatch, OvsdbWatches } from './database/watch-request.js';
export { OvsdbLock } from './lock.js';
export { type OvsdbMock, ovsdbMock } from './mock/mock.js';
export type {
  AbsentAnywhereOptions,
  EnsureAllAnywhereOptions,
  EnsureAnywhereOptions,
  NetworksAnywhere,
  PlanAnywhereOptions,
  PruneAnywhereOptions,
} from './networks/anywhere.js';
export type { OvnEventOptions, OvnEventType, OvnNetworkEvent } from './networks/events.js';
export type {
  OvnAbsentOptions,
  OvnApplied,
  OvnEnsureAllOptions,
  OvnEnsured,
  OvnEnsureOptions,
  OvnListedNetwork,
  OvnOwnership,
  OvnPlan,
  OvnPlanAllOptions,
  OvnPlanOptions,
  OvnPort,
  OvnPortOptions,
  OvnPruneOptions,
  OvnReached,
  OvnReachOptions,
} from './networks/options.js';
export { OvnNetworks } from './networks/ovn-networks.js';
export type { OvnSeenPort } from './networks/ports.js';
export { type OvnTopologyOptions, readOvnTopology } from './networks/read-topology.js';
export type { OvnStep } from './networks/steps.js';
export { type Ovn, type OvnOptions, ovn } from './ovn.js';
export { type Ovsdb, type OvsdbOptions, type OvsdbSelectOptions, type OvsdbTls, ovsdb } from './ovsdb.js';
export { OvsdbError, type OvsdbErrorDetails } from './ovsdb-error.js';
export { OvsdbReplica } from './replica.js';
