import type { Step } from '../support/sequences.js';

/** What random sequences have found: each was once a difference between the mock and a daemon. */
export const FOUND: readonly (readonly [name: string, steps: readonly Step[]])[] = [];
