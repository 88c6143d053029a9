import { orAbort } from '../async/abort.js';
import { CALL_OPTIONS, type CallOptions } from '../async/deadline.js';
import { TransportError } from '../errors/index.js';
import { expectFunction } from '../model/argument.js';
import { optionsOf } from '../options/options.js';
import type { OvsdbRow } from '../ovn-model/values.js';
import type { Task } from '../transport/with-deadline.js';
import type { OvsdbWatches } from './database/watch-request.js';
import { Watching } from './watching.js';
import type { Session } from './wire/session.js';

/** What a replica needs of its client. */
export interface ReplicaContext {
  readonly session: Session;
  /** Aborts when the client is closed. */
  readonly closed: AbortSignal;
  /** Names the monitor on the connection. */
  readonly id: string;
  /** Does work within the limits of a call. */
  readonly wait: <T>(options: CallOptions, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** The watching, for messages. */
  readonly task: Task;
}

/** What the caller looks for. Its errors are the caller's own, and not of the database. */
class OwnCall<T> {
  #thrown: { readonly error: unknown } | undefined;
  readonly #find: (replica: OvsdbReplica) => T | undefined;

  constructor(find: (replica: OvsdbReplica) => T | undefined) {
    this.#find = find;
  }

  run(replica: OvsdbReplica): T | undefined {
    try {
      return this.#find(replica);
    } catch (error) {
      this.#thrown = { error };
      throw error;
    }
  }

  /** The error of the caller's own function, where it has thrown one, else the given one. */
  errorOr(error: unknown): unknown {
    return this.#thrown === undefined ? error : this.#thrown.error;
  }
}

/**
 * Rows of a database that are kept up to date. After a lost connection it connects again, to another server of the cluster where
 * needed; until then its rows are as old as the loss. While it is open it keeps the program alive.
 */
export class OvsdbReplica implements AsyncDisposable {
  readonly #wait: ReplicaContext['wait'];
  readonly #task: Task;
  readonly #watching: Watching;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #waiting = new Set<() => void>();

  /** @internal */
  constructor({ session, closed, id, wait, task }: ReplicaContext, watches: OvsdbWatches) {
    this.#wait = wait;
    this.#task = task;
    this.#watching = new Watching(session, id, watches, () => this.#tell());
    this.#running = this.#watching.run(AbortSignal.any([this.#stop.signal, closed]));
  }

  /** True while the connection stands, so that the rows are those of the server. */
  get isCurrent(): boolean {
    return this.#watching.isCurrent;
  }

  /**
   * Returns the rows of a table by uuid, as they are now. The map changes with the database; its rows do not.
   *
   * @param table - one of those that the replica was made with; for any other the map is empty
   */
  rows(table: string): ReadonlyMap<string, OvsdbRow> {
    return this.#watching.rows.get(table) ?? new Map();
  }

  /**
   * Waits until the rows are as wanted: looks now, and after each change.
   *
   * @param find - returns what was waited for, or `undefined` to go on waiting
   * @throws what `find` throws; `LibvirtError` code `INVALID_ARGUMENT`; `TransportError` codes `TIMEOUT`, `CLOSED` and what else ended the watching; the signal's own reason
   */
  async until<T>(find: (replica: OvsdbReplica) => T | undefined, options: CallOptions = {}): Promise<T> {
    expectFunction(find, 'until');
    const call = new OwnCall(find);
    try {
      return await this.#wait(optionsOf(options, CALL_OPTIONS, 'until'), (signal) => this.#find(call, signal));
    } catch (error) {
      throw call.errorOr(error);
    }
  }

  /** Stops watching. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Stops watching. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #find<T>(call: OwnCall<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      if (this.#stop.signal.aborted) throw this.#closed();
      if (this.#watching.error !== undefined) throw this.#watching.error;
      const found = this.isCurrent ? call.run(this) : undefined;
      if (found !== undefined) return found;
      await this.#change(signal);
    }
  }

  #closed(): TransportError {
    const { failure, operation } = this.#task;
    return new TransportError('CLOSED', `${failure}: the replica was closed`, { operation, hint: 'make another one' });
  }

  async #change(signal: AbortSignal): Promise<void> {
    let hear = () => {};
    const heard = new Promise<void>((resolve) => {
      hear = resolve;
    });
    this.#waiting.add(hear);
    try {
      await orAbort(heard, signal);
    } finally {
      this.#waiting.delete(hear);
    }
  }

  #tell(): void {
    for (const hear of this.#waiting) hear();
  }
}
