import type { GuestOperations } from '../transport/guest-operations.js';
import type { Handlers } from './handler.js';

/** How a socket carries out each operation of guests. */
export const guestHandlers: Handlers<keyof GuestOperations> = {};
