import type { GuestOperations } from '../transport/guest-operations.js';
import type { Answers } from './answers.js';
import type { MockDriver } from './driver.js';

/** How the mock carries out each operation of guests. */
export const guestAnswers = (_driver: MockDriver): Answers<keyof GuestOperations> => ({});
