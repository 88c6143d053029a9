import type { FilterOperations } from '../transport/filter-operations.js';
import type { GuestOperations } from '../transport/guest-operations.js';
import type { Handlers } from './handler.js';

/** Operations that programs of networks alone never ask for: how they are carried out loads with the first of them. */
export const LAZY_HANDLERS: Handlers<keyof GuestOperations | keyof FilterOperations> = {};
