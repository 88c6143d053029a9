import type { FilterOperations } from './filter-operations.js';
import type { Wording } from './wording.js';

/** Words of the operations of network filters. */
export const FILTER_WORDING: Readonly<Record<keyof FilterOperations, Wording>> = {};
