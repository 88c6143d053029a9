import { orAbort } from '../async/abort.js';
import type { CallOptions } from '../async/deadline.js';
import type { OvsdbWatches } from './database/watch-request.js';
import { Monitor, type Report } from './monitor.js';
import type { Link } from './wire/link.js';
import type { Session } from './wire/session.js';

/** What a follower needs of its client. */
export interface FollowerContext {
  readonly session: Session;
  /** Aborts when the client is closed. */
  readonly closed: AbortSignal;
  /** Names the monitor on the connection. */
  readonly id: string;
  /** Does work within the limits of a call. */
  readonly wait: (options: CallOptions, work: (signal: AbortSignal) => Promise<void>) => Promise<void>;
}

/**
 * Rows of a database that calls find up to date when they begin: a server sends all changes so far before the answer of any
 * call. It does not connect by itself after a loss, as the next call does that, and it does not keep the program alive.
 */
export class Follower {
  readonly #context: FollowerContext;
  readonly #monitor: Monitor;
  #link: Link | undefined;
  /** True from when all rows are there until the connection is lost. */
  #isCurrent = false;
  #begun: Promise<unknown> = Promise.resolve();

  /** @param hear - called after each change of the rows */
  constructor(context: FollowerContext, watches: OvsdbWatches, hear: (report: Report) => void) {
    this.#context = context;
    this.#monitor = new Monitor(context.id, watches, hear);
  }

  /**
   * Waits until the rows are those of the server that the client is connected to.
   *
   * @throws as `Ovsdb.transact`
   */
  async current(options: CallOptions): Promise<void> {
    const { session, wait, closed } = this.#context;
    options.signal?.throwIfAborted();
    // Mostly there is nothing to wait for, and no limit to watch.
    if (this.#isCurrent && !closed.aborted) return;
    await wait(options, (signal) =>
      session.use(signal, async (link) => {
        await orAbort(this.#on(link), signal);
      }),
    );
  }

  /** Begins once on each connection, whoever is waiting for it. */
  #on(link: Link): Promise<unknown> {
    if (this.#link === link) return this.#begun;
    const begun = this.#monitor.begin(link, { signal: this.#context.closed });
    this.#link = link;
    this.#begun = begun;
    this.#isCurrent = false;
    const forget = () => {
      if (this.#link !== link) return;
      this.#link = undefined; // the next call tries again
      this.#isCurrent = false;
    };
    begun.then(() => {
      if (this.#link === link) this.#isCurrent = true;
    }, forget);
    link.ended.then(forget);
    return begun;
  }
}
