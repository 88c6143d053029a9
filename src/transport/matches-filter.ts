import type { ListInput, NetworkState } from './operations.js';

/** Tells whether a network has the requested states; states that the filter does not name do not count. */
export const matchesFilter = (
  state: Omit<NetworkState, 'name'>,
  { active, persistent, autostart }: ListInput,
): boolean =>
  (active ?? state.active) === state.active &&
  (persistent ?? state.persistent) === state.persistent &&
  (autostart ?? state.autostart) === state.autostart;
