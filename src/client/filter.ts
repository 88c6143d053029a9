import type { NetworkState } from './operations.js';

const STATES = ['active', 'persistent', 'autostart'] as const;

/** Whether a network is in the states that are asked for; those that nobody names do not count. */
export const isIn = (network: NetworkState, wanted: Readonly<Record<string, unknown>>): boolean =>
  STATES.every((key) => typeof wanted[key] !== 'boolean' || network[key] === wanted[key]);
