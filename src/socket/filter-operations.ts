import type { FilterOperations } from '../transport/filter-operations.js';
import type { Handlers } from './handler.js';

/** How a socket carries out each operation of network filters. */
export const filterHandlers: Handlers<keyof FilterOperations> = {};
