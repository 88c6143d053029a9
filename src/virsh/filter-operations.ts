import type { FilterOperations } from '../transport/filter-operations.js';
import type { Handlers } from './handler.js';
import type { Processes } from './process.js';

/** How virsh carries out each operation of network filters. */
export const filterHandlers = (_processes: Processes): Handlers<keyof FilterOperations> => ({});
