import type { CallOptions } from '../../async/deadline.js';
import type { UpdatedRow } from '../database/apply-updates.js';
import type { Follower } from '../follower.js';
import { OVN_TABLES } from '../model/rows.js';
import type { Report } from '../monitor.js';
import type { Ovsdb } from '../ovsdb.js';
import { FORMAT, MARKS, markOf, type OwnRow, type OwnRows, ownRowOf } from './own-rows.js';

const WATCH = { where: [['external_ids', 'includes', { [MARKS.format]: FORMAT }]] } as const;

/** The rows of all networks, which one monitor keeps up to date for all calls of a client. */
export class WarmRows {
  readonly #follower: Follower;
  readonly #rowsOf = new Map<string, Map<string, OwnRow>>();

  constructor(database: Ovsdb) {
    const watches = Object.fromEntries(OVN_TABLES.map((table) => [table, WATCH]));
    this.#follower = database.follow(watches, (report) => this.#hear(report));
  }

  /**
   * Reads the rows of a network, all at one moment.
   *
   * @throws as {@link Ovsdb.transact}
   */
  async read(name: string, options: CallOptions): Promise<OwnRows> {
    await this.#follower.current(options);
    const rows = [...(this.#rowsOf.get(name)?.values() ?? [])];
    return { name, rows: new Map(rows.map((row) => [row.key, row])) };
  }

  #hear({ isWhole, changes }: Report): void {
    if (isWhole) this.#rowsOf.clear();
    for (const change of changes) {
      this.#take(change);
      this.#put(change);
    }
  }

  #take({ uuid, before }: UpdatedRow): void {
    const name = before === undefined ? undefined : markOf(before, 'network');
    if (name === undefined) return;
    const rows = this.#rowsOf.get(name);
    rows?.delete(uuid);
    if (rows?.size === 0) this.#rowsOf.delete(name);
  }

  #put(change: UpdatedRow): void {
    const own = ownRowOf(change);
    const name = own === undefined ? undefined : markOf(own.row, 'network');
    if (own === undefined || name === undefined) return;
    const rows = this.#rowsOf.get(name) ?? new Map<string, OwnRow>();
    this.#rowsOf.set(name, rows.set(own.uuid, own));
  }
}
