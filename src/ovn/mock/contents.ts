import type { OvsdbRow } from '../../ovn-model/values.js';
import { TABLES } from './tables.js';

/** The rows of a table by uuid. */
export type Rows = ReadonlyMap<string, OvsdbRow>;

/** The rows of all tables. */
export type Contents = ReadonlyMap<string, Rows>;

/** A database without rows. */
export const EMPTY: Contents = /* @__PURE__ */ new Map([...TABLES.keys()].map((name) => [name, new Map()]));

/** A row that a transaction has changed: without `before` it is new, without `after` it is gone. */
export interface RowUpdate {
  readonly table: string;
  readonly uuid: string;
  readonly before?: OvsdbRow | undefined;
  readonly after?: OvsdbRow | undefined;
}

/** Rows that are changed, and put back into nobody's database until all is well. */
export class Draft {
  readonly #before: Contents;
  readonly #tables = new Map<string, Map<string, OvsdbRow>>();
  readonly #touched = new Map<string, Set<string>>();

  constructor(before: Contents) {
    this.#before = before;
  }

  rows(table: string): Rows {
    return this.#tables.get(table) ?? this.#before.get(table) ?? new Map();
  }

  /** A row as it was before the transaction. */
  before(table: string, uuid: string): OvsdbRow | undefined {
    return this.#before.get(table)?.get(uuid);
  }

  set(table: string, uuid: string, row: OvsdbRow | undefined): void {
    const rows = this.#tables.get(table) ?? new Map(this.rows(table));
    if (row === undefined) rows.delete(uuid);
    else rows.set(uuid, row);
    this.#tables.set(table, rows);
    this.#touched.set(table, (this.#touched.get(table) ?? new Set()).add(uuid));
  }

  /** The rows that are not as they were, or were at least written. */
  get updates(): readonly RowUpdate[] {
    return [...this.#touched].flatMap(([table, uuids]) =>
      [...uuids].map((uuid) => ({ table, uuid, before: this.before(table, uuid), after: this.rows(table).get(uuid) })),
    );
  }

  /** All rows, with those that were changed. */
  get contents(): Contents {
    return new Map([...this.#before, ...this.#tables]);
  }
}
