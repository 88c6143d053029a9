import { applyUpdates, type RowsByUuid, type UpdatedRow } from './database/apply-updates.js';
import { type OvsdbWatches, type WatchRequest, watchRequest } from './database/watch-request.js';
import type { CallLimits } from './wire/connection.js';
import { listOf } from './wire/fields.js';
import type { Json } from './wire/json.js';
import type { Link } from './wire/link.js';
import { Unreadable } from './wire/unreadable.js';

/** Asks a server for all rows. */
const NOTHING_YET = '00000000-0000-0000-0000-000000000000';

/** What a monitor has reported. */
export interface Report {
  /** True if these are all rows, and what was known before is void. */
  readonly isWhole: boolean;
  readonly changes: readonly UpdatedRow[];
}

/** A monitor of a database: rows as its servers report them, over one connection after the other. */
export class Monitor {
  /** The rows of each table, by uuid. */
  rows: ReadonlyMap<string, RowsByUuid> = new Map();
  readonly #id: string;
  readonly #watches: OvsdbWatches;
  readonly #hear: (report: Report) => void;
  #lastTransaction = NOTHING_YET;

  /**
   * @param id - names the monitor on each connection
   * @param watches - the tables
   * @param hear - called after each change of the rows
   */
  constructor(id: string, watches: OvsdbWatches, hear: (report: Report) => void) {
    this.#id = id;
    this.#watches = watches;
    this.#hear = hear;
  }

  /**
   * Begins on a connection: with all rows, or with what has changed since the last connection where the server knows that.
   *
   * @returns a function that ends it
   */
  async begin({ connection, schema }: Link, limits: CallLimits): Promise<() => void> {
    const request = watchRequest(this.#watches, schema);
    const unlisten = connection.listen(this.#id, (method, params) => this.#update(method, params, request));
    const end = () => {
      unlisten();
      connection.call('monitor_cancel', [this.#id], () => {}).catch(() => {}); // it ends with its connection at the latest
    };
    try {
      const params = [schema.name, this.#id, request.params, this.#lastTransaction];
      await connection.call('monitor_cond_since', params, (answer) => this.#start(answer, request), limits);
      return end;
    } catch (error) {
      end();
      throw error;
    }
  }

  #start(answer: Json, request: WatchRequest): void {
    const [isContinued, lastTransaction, updates] = listOf(answer, 'the answer to a monitor');
    const isWhole = isContinued !== true;
    if (isWhole) this.rows = new Map(request.tables.map(({ name }) => [name, new Map()]));
    this.#hear({ isWhole, changes: this.#apply(lastTransaction, updates, request) });
  }

  #update(method: string, params: readonly Json[], request: WatchRequest): void {
    if (method !== 'update3') throw new Unreadable(`${method} for a monitor`);
    const [, lastTransaction, updates] = params;
    this.#hear({ isWhole: false, changes: this.#apply(lastTransaction, updates, request) });
  }

  #apply(
    lastTransaction: Json | undefined,
    updates: Json | undefined,
    { tables }: WatchRequest,
  ): readonly UpdatedRow[] {
    // What cannot be read is asked for as a whole the next time.
    this.#lastTransaction = NOTHING_YET;
    const changes = applyUpdates(updates, this.rows, tables);
    if (typeof lastTransaction === 'string') this.#lastTransaction = lastTransaction;
    return changes;
  }
}
