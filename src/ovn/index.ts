export type { CallOptions } from '../async/deadline.js';
export type { OvsdbCondition, OvsdbMutation, OvsdbOperation, OvsdbResult, OvsdbWhere } from './database/operations.js';
export type {
  NamedRow,
  OvsdbAtom,
  OvsdbAtomInput,
  OvsdbRow,
  OvsdbRowInput,
  OvsdbValue,
  OvsdbValueInput,
} from './database/values.js';
export type { OvsdbWatch, OvsdbWatches } from './database/watch-request.js';
export { OvsdbLock } from './lock.js';
export { type Ovsdb, type OvsdbOptions, type OvsdbSelectOptions, type OvsdbTls, ovsdb } from './ovsdb.js';
export { OvsdbError, type OvsdbErrorDetails } from './ovsdb-error.js';
export { OvsdbReplica } from './replica.js';
