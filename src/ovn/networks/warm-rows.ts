import type { CallOptions } from '../../async/deadline.js';
import { ROUTER_KEY } from '../../ovn-model/outside-addresses.js';
import { OVN_TABLES } from '../../ovn-model/rows.js';
import { mapOf } from '../../ovn-model/values.js';
import type { UpdatedRow } from '../database/apply-updates.js';
import type { Follower } from '../follower.js';
import type { Report } from '../monitor.js';
import type { Ovsdb } from '../ovsdb.js';
import { AnsweredAddresses, answeredIn } from './answered-addresses.js';
import { ByName } from './by-name.js';
import { FORMAT, MARKS, markOf, type OwnRow, type OwnRows, ownRowOf } from './own-rows.js';

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
  readonly #answered = new AnsweredAddresses();

  constructor(database: Ovsdb) {
    this.#database = database;
    this.#follower = database.follow(WATCHES, (report) => this.#hear(report));
  }

  /**
   * Reads the rows of a network, all at one moment: as they were a moment ago at the latest.
   *
   * @throws as {@link Ovsdb.transact}
   */
  async read(name: string, options: CallOptions): Promise<OwnRows> {
    await this.#follower.current(options);
    return this.#now(name);
  }

  /**
   * Reads them with all changes so far, also those that others have made: a server sends these before any answer, even an empty one.
   *
   * @param known - what was read before; it is returned where nothing has changed
   * @throws as {@link Ovsdb.transact}
   */
  async readAgain(known: OwnRows, options: CallOptions): Promise<OwnRows> {
    await this.#database.transact([], options);
    const found = await this.read(known.name, options);
    return isSame(known, found) ? known : found;
  }

  #now(name: string): OwnRows {
    const all = this.#own.of(name);
    const rows = new Map(all.map((own) => [own.key, own]));
    return {
      name,
      rows,
      copies: rows.size === all.length ? [] : copiesIn(all),
      hasForeignSwitch: this.#foreign.of(name).length > 0,
      answered: this.#answered,
    };
  }

  #hear({ isWhole, changes }: Report): void {
    if (isWhole) {
      this.#own.clear();
      this.#foreign.clear();
      this.#answered.clear();
    }
    for (const change of changes) this.#change(change);
  }

  #change(change: UpdatedRow): void {
    const { table, uuid, row } = change;
    this.#own.delete(uuid);
    this.#foreign.delete(uuid);
    this.#answered.delete(uuid);
    if (row === undefined) return;
    const [own, network, name] = [ownRowOf(change), markOf(row, 'network'), row['name']];
    if (own !== undefined && network !== undefined) this.#own.set(uuid, network, own);
    if (own?.key === ROUTER_KEY && network !== undefined)
      this.#answered.set(uuid, network, answeredIn(mapOf(row['external_ids'])));
    // A switch without all marks, or with those of another format, is not known here.
    const isKnown = own !== undefined && name === network;
    if (table === 'Logical_Switch' && typeof name === 'string' && !isKnown) this.#foreign.set(uuid, name, uuid);
  }
}

const copiesIn = (all: readonly OwnRow[]): readonly OwnRow[] =>
  all.filter((one) => all.some((other) => other !== one && other.key === one.key));

/** Rows are replaced, never changed. */
const isSame = (one: OwnRows, other: OwnRows): boolean =>
  one.hasForeignSwitch === other.hasForeignSwitch &&
  one.copies.length === other.copies.length &&
  one.rows.size === other.rows.size &&
  [...one.rows].every(([key, row]) => other.rows.get(key) === row);
