import type { GuestOperations } from './guest-operations.js';
import type { Wording } from './wording.js';

/** Words of the operations of guests. */
export const GUEST_WORDING: Readonly<Record<keyof GuestOperations, Wording>> = {};
