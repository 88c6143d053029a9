import { orAbort } from '../async/abort.js';

/** A connection that several calls share. */
export interface Shareable {
  /** Resolves when the connection is lost. */
  readonly ended: Promise<unknown>;
  /** Keeps the program alive while something is waited for, and not otherwise. */
  setIdle(isIdle: boolean): void;
  /** Ends the connection, and waits until it is gone. */
  close(): Promise<void>;
}

/** The one connection of a client: opened at the first call, shared by all, opened again after a loss. */
export class SharedConnection<C extends Shareable> {
  readonly #open: () => Promise<C>;
  #opening: Promise<C> | undefined;
  #users = 0;

  /** @param open - opens a connection, and ends in time */
  constructor(open: () => Promise<C>) {
    this.#open = open;
  }

  /**
   * Does work with the connection. While work is done the connection keeps the program alive, and not otherwise.
   *
   * @param signal - ends waiting for the connection
   */
  async use<T>(signal: AbortSignal, work: (link: C) => Promise<T>): Promise<T> {
    const opening = this.#link();
    this.#users++;
    try {
      const link = await orAbort(opening, signal);
      link.setIdle(false);
      return await work(link);
    } finally {
      this.#users--;
      if (this.#users === 0) opening.then((link) => link.setIdle(this.#users === 0)).catch(() => {});
    }
  }

  /** Does work on one of its connections, which may be lost by now, and keeps the program alive meanwhile. */
  async hold<T>(link: C, work: () => Promise<T>): Promise<T> {
    this.#users++;
    link.setIdle(false);
    try {
      return await work();
    } finally {
      this.#users--;
      link.setIdle(this.#users === 0);
    }
  }

  /** Ends the connection, and waits until it is gone. */
  async close(): Promise<void> {
    const link = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    await link?.close();
  }

  #link(): Promise<C> {
    if (this.#opening !== undefined) return this.#opening;
    const opening = this.#open();
    this.#opening = opening;
    // After a failure or a loss the next call tries again.
    const forget = () => {
      if (this.#opening === opening) this.#opening = undefined;
    };
    opening.then((link) => link.ended.then(forget), forget);
    return opening;
  }
}
