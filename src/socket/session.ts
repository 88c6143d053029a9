import { orAbort } from '../async/abort.js';
import type { Address } from './address.js';
import type { SaslOptions, TlsOptions } from './credentials.js';
import { dial } from './dial.js';
import { openConnection, readsUpdatesInOrder } from './open.js';
import { Connection } from './wire/connection.js';
import { NoConnection } from './wire/errors.js';

/** What connections of a transport are made with. */
export interface SessionSettings {
  readonly address: Address;
  readonly readOnly: boolean;
  readonly tls: TlsOptions;
  readonly sasl: SaslOptions | undefined;
  /** Longest time that opening a connection may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** The one connection of a transport: opened at the first call, shared by all, opened again after a loss. */
export class Session {
  readonly #settings: SessionSettings;
  readonly #closed: AbortSignal;
  readonly #inOrder = new WeakMap<Connection, Promise<boolean>>();
  #opening: Promise<Connection> | undefined;
  #users = 0;

  constructor(settings: SessionSettings, closed: AbortSignal) {
    this.#settings = settings;
    this.#closed = closed;
  }

  /**
   * Does work with the connection. While work is done the connection keeps the program alive, and not otherwise.
   *
   * @param signal - ends waiting for the connection
   */
  async use<T>(signal: AbortSignal, work: (link: Connection) => Promise<T>): Promise<T> {
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

  /** Tells whether the daemon reads the numbers of an update in their order; asked once for each connection. */
  readsUpdatesInOrder(link: Connection, signal: AbortSignal): Promise<boolean> {
    const known = this.#inOrder.get(link) ?? readsUpdatesInOrder(link, { signal });
    this.#inOrder.set(link, known);
    known.catch(() => this.#inOrder.delete(link));
    return known;
  }

  /** Ends the connection, and waits until it is gone. */
  async close(): Promise<void> {
    const link = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    await link?.close();
  }

  #link(): Promise<Connection> {
    if (this.#opening !== undefined) return this.#opening;
    const opening = this.#dial();
    this.#opening = opening;
    // After a failure or a loss the next call tries again.
    const forget = () => {
      if (this.#opening === opening) this.#opening = undefined;
    };
    opening.then((link) => link.ended.then(forget), forget);
    return opening;
  }

  async #dial(): Promise<Connection> {
    const { timeoutMs } = this.#settings;
    const late = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([this.#closed, late]);
    try {
      return await this.#dialUntil(signal);
    } catch (error) {
      if (!late.aborted) throw error;
      throw new NoConnection(`the daemon did not answer within ${timeoutMs} ms`, {
        code: 'CONNECTION_FAILED',
        cause: error,
      });
    }
  }

  async #dialUntil(signal: AbortSignal): Promise<Connection> {
    const { address, readOnly, tls, sasl } = this.#settings;
    const { stream, name, isPrivate } = await dial(address, tls, signal);
    const link = new Connection(stream);
    try {
      await openConnection(link, { name, readOnly, sasl, isPrivate }, { signal });
      return link;
    } catch (error) {
      link.destroy('the connection could not be opened');
      throw error;
    }
  }
}
