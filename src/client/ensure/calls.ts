// The code of the calls of DesiredNetworks, which loads with the first of them.

export { createWithFreeSubnet } from '../create-free/create-with-free-subnet.js';
export { assertNoConflicts, preflight } from '../preflight/preflight.js';
export { ensureAbsentGoal, ensurePresentGoal, observe, planGoal, reachGoal } from './ensure.js';
export { assertList, ensureAll } from './ensure-all.js';
export { prune } from './prune.js';
