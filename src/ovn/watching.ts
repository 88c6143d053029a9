import { orAbort } from '../async/abort.js';
import { sleep } from '../async/sleep.js';
import { Lost, NoConnection } from '../dial/errors.js';
import { applyUpdates, type RowsByUuid } from './database/apply-updates.js';
import { type OvsdbWatches, type WatchRequest, watchRequest } from './database/watch-request.js';
import { listOf } from './wire/fields.js';
import type { Json } from './wire/json.js';
import type { Link } from './wire/link.js';
import type { Session } from './wire/session.js';
import { Unreadable } from './wire/unreadable.js';

/** Asks a server for all rows. */
const NOTHING_YET = '00000000-0000-0000-0000-000000000000';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** Rows of a database as a monitor of its server reports them, over one connection after the other. */
export class Watching {
  /** The rows of each table, by uuid. */
  rows: ReadonlyMap<string, RowsByUuid> = new Map();
  /** True while the rows are those of the server. */
  isCurrent = false;
  /** What ended the watching. */
  error: unknown;
  readonly #session: Session;
  readonly #id: string;
  readonly #watches: OvsdbWatches;
  readonly #tell: () => void;
  #lastTransaction = NOTHING_YET;
  #wasCurrent = false;

  /**
   * @param id - names the monitor on the connection
   * @param tell - called after each change
   */
  constructor(session: Session, id: string, watches: OvsdbWatches, tell: () => void) {
    this.#session = session;
    this.#id = id;
    this.#watches = watches;
    this.#tell = tell;
  }

  /** Watches until the signal says stop, or until it cannot go on. */
  async run(signal: AbortSignal): Promise<void> {
    let ms = FIRST_PAUSE_MS;
    while (!signal.aborted && this.error === undefined) {
      const began = this.#wasCurrent;
      this.error = await this.#round(signal);
      ms = this.#wasCurrent && !began ? FIRST_PAUSE_MS : Math.min(2 * ms, LONGEST_PAUSE_MS);
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
    const request = watchRequest(this.#watches, link.schema);
    const { connection } = link;
    const unlisten = connection.listen(this.#id, (method, params) => this.#hear(method, params, request));
    try {
      const params = [link.schema.name, this.#id, request.params, this.#lastTransaction];
      await connection.call('monitor_cond_since', params, (answer) => this.#begin(answer, request), { signal });
      await orAbort(connection.ended, signal);
    } finally {
      unlisten();
      connection.call('monitor_cancel', [this.#id], () => {}).catch(() => {}); // it ends with its connection at the latest
    }
  }

  #begin(answer: Json, request: WatchRequest): void {
    const [isContinued, lastTransaction, updates] = listOf(answer, 'the answer to a monitor');
    if (isContinued !== true) this.rows = new Map(request.tables.map(({ name }) => [name, new Map()]));
    this.#apply(lastTransaction, updates, request);
    this.isCurrent = true;
    this.#wasCurrent = true;
    this.#tell();
  }

  #hear(method: string, params: readonly Json[], request: WatchRequest): void {
    if (method !== 'update3') throw new Unreadable(`${method} for a monitor`);
    const [, lastTransaction, updates] = params;
    this.#apply(lastTransaction, updates, request);
    this.#tell();
  }

  #apply(lastTransaction: Json | undefined, updates: Json | undefined, { tables }: WatchRequest): void {
    // What cannot be read is asked for as a whole the next time.
    this.#lastTransaction = NOTHING_YET;
    applyUpdates(updates, this.rows, tables);
    if (typeof lastTransaction === 'string') this.#lastTransaction = lastTransaction;
  }
}

const mayComeBack = (error: unknown): boolean =>
  error instanceof Lost || error instanceof NoConnection || error instanceof Unreadable;
