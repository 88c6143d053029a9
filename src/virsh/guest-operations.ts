import type { GuestOperations } from '../transport/guest-operations.js';
import type { Handlers } from './handler.js';
import type { Processes } from './process.js';

/** How virsh carries out each operation of guests. */
export const guestHandlers = (_processes: Processes): Handlers<keyof GuestOperations> => ({});
