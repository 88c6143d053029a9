import type { ListInput, NetworkState } from './operations.js';

/** Whether a network is in the states that are asked for; those that nobody names do not count. */
export const isIn = (state: Omit<NetworkState, 'name'>, { active, persistent, autostart }: ListInput): boolean =>
  (active ?? state.active) === state.active &&
  (persistent ?? state.persistent) === state.persistent &&
  (autostart ?? state.autostart) === state.autostart;
