import { orAbort } from '../async/abort.js';
import { sleep } from '../async/sleep.js';
import { Lost, NoConnection } from '../dial/errors.js';
import type { RowsByUuid } from './database/apply-updates.js';
import type { OvsdbWatches } from './database/watch-request.js';
import { Monitor } from './monitor.js';
import type { Link } from './wire/link.js';
import type { Session } from './wire/session.js';
import { Unreadable } from './wire/unreadable.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** Watches rows of a database all the time, over one connection after the other. */
export class Watching {
  /** True while the rows are those of the server. */
  isCurrent = false;
  /** What ended the watching. */
  error: unknown;
  readonly #session: Session;
  readonly #monitor: Monitor;
  readonly #tell: () => void;
  #wasCurrent = false;

  /**
   * @param id - names the monitor on the connection
   * @param tell - called after each change
   */
  constructor(session: Session, id: string, watches: OvsdbWatches, tell: () => void) {
    this.#session = session;
    this.#monitor = new Monitor(id, watches, () => this.#heard());
    this.#tell = tell;
  }

  /** The rows of each table, by uuid. */
  get rows(): ReadonlyMap<string, RowsByUuid> {
    return this.#monitor.rows;
  }

  /** Watches until the signal says stop, or until it cannot go on. */
  async run(signal: AbortSignal): Promise<void> {
    let ms = FIRST_PAUSE_MS;
    while (!signal.aborted && this.error === undefined) {
      this.error = await this.#round(signal);
      ms = this.isCurrent ? FIRST_PAUSE_MS : Math.min(2 * ms, LONGEST_PAUSE_MS);
      this.isCurrent = false;
      this.#tell();
      if (this.error === undefined) await sleep(ms, signal).catch(() => {}); // an abort ends the loop
    }
    this.error ??= signal.reason;
    this.#tell();
  }

  /** Watches over one connection. @returns what makes it useless to try again */
  async #round(signal: AbortSignal): Promise<unknown> {
    try {
      await this.#session.use(signal, (link) => this.#watch(link, signal));
      return undefined;
    } catch (error) {
      if (signal.aborted || (this.#wasCurrent && mayComeBack(error))) return undefined;
      return error;
    }
  }

  async #watch(link: Link, signal: AbortSignal): Promise<void> {
    const end = await this.#monitor.begin(link, { signal });
    try {
      await orAbort(link.ended, signal);
    } finally {
      end();
    }
  }

  #heard(): void {
    this.isCurrent = true;
    this.#wasCurrent = true;
    this.#tell();
  }
}

const mayComeBack = (error: unknown): boolean =>
  error instanceof Lost || error instanceof NoConnection || error instanceof Unreadable;
