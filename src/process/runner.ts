import type { Exec } from './exec.js';

/** A way to run programs on a host. */
export interface Runner {
  /** Names the host in messages. */
  readonly label: string;
  /** Runs one program to its end. Each run is a connection of its own, so that it tells whether the host can be reached. */
  readonly exec: Exec;
}
