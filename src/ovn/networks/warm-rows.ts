import type { CallOptions } from '../../async/deadline.js';
import type { UpdatedRow } from '../database/apply-updates.js';
import type { Follower } from '../follower.js';
import { OVN_TABLES } from '../model/rows.js';
import type { Report } from '../monitor.js';
import type { Ovsdb } from '../ovsdb.js';
import { ByName } from './by-name.js';
import { FORMAT, MARKS, markOf, type OwnRow, type OwnRows, ownRowOf } from './own-rows.js';
import { isOfOutside } from './taken-addresses.js';

const OWN = { where: [['external_ids', 'includes', { [MARKS.format]: FORMAT }]] } as const;

/** Switches of others are watched for their names. */
const WATCHES = { ...Object.fromEntries(OVN_TABLES.map((table) => [table, OWN])), Logical_Switch: {} };

/** The rows of all networks, which one monitor keeps up to date for all calls of a client. */
export class WarmRows {
  readonly #database: Ovsdb;
  readonly #follower: Follower;
  readonly #own = new ByName<OwnRow>();
  /** Uuids of switches that are not those of the network whose name they have. */
  readonly #foreign = new ByName<string>();

  /** Rows by which networks reach the outside, by their uuids. */
  readonly #outside = new Map<string, OwnRow>();

  constructor(database: Ovsdb) {
    this.#database = database;
    this.#follower = database.follow(WATCHES, (report) => this.#hear(report));
  }

  /**
   * Reads the rows of a network, all at one moment.
   *
   * @throws as {@link Ovsdb.transact}
   */
  async read(name: string, options: CallOptions): Promise<OwnRows> {
    // Even an empty answer comes after all changes so far, also those that others have made.
    await this.#database.transact([], options);
    await this.#follower.current(options);
    const rows = this.#own.of(name).map((own) => [own.key, own] as const);
    return {
      name,
      rows: new Map(rows),
      hasForeignSwitch: this.#foreign.of(name).length > 0,
      others: [...this.#outside.values()].filter(({ row }) => markOf(row, 'network') !== name),
    };
  }

  #hear({ isWhole, changes }: Report): void {
    if (isWhole) {
      this.#own.clear();
      this.#foreign.clear();
      this.#outside.clear();
    }
    for (const change of changes) this.#change(change);
  }

  #change(change: UpdatedRow): void {
    const { table, uuid, row } = change;
    this.#own.delete(uuid);
    this.#foreign.delete(uuid);
    this.#outside.delete(uuid);
    if (row === undefined) return;
    const [own, network, name] = [ownRowOf(change), markOf(row, 'network'), row['name']];
    if (own !== undefined && network !== undefined) this.#own.set(uuid, network, own);
    if (own !== undefined && isOfOutside(own)) this.#outside.set(uuid, own);
    // A switch without all marks, or with those of another format, is not known here.
    const isKnown = own !== undefined && name === network;
    if (table === 'Logical_Switch' && typeof name === 'string' && !isKnown) this.#foreign.set(uuid, name, uuid);
  }
}
