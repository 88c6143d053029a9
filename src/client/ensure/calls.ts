// What stands behind the calls of DesiredNetworks; it loads with the first of them.

export { auto } from '../create-free/create-with-free-subnet.js';
export { assertNoConflicts, preflight } from '../preflight/preflight.js';
export { absence, lookAt, planFor, presence, reachNow } from './ensure.js';
export { applyMany, assertList } from './ensure-all.js';
export { prune } from './prune.js';
