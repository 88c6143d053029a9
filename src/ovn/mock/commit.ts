import type { OvsdbAtom, OvsdbRow } from '../../ovn-model/values.js';
import type { Draft, RowUpdate } from './contents.js';
import { isEqual, valueWith } from './items.js';
import { itemsOf } from './read-values.js';
import { Refusal, violation } from './refusal.js';
import { type MockColumn, type MockTable, TABLES } from './tables.js';

/**
 * Finishes a transaction as a server does: rows that nothing refers to go, references to rows that are gone are refused or go too, and what the
 * schema says of whole tables holds. Source: RFC 7047, sections 3.2 and 4.1.3.
 *
 * @returns the rows that have changed
 * @throws {@link Refusal}
 */
export function finish(draft: Draft): readonly RowUpdate[] {
  collectGarbage(draft);
  for (const table of TABLES.values()) checkReferences(draft, table);
  for (const table of TABLES.values()) checkTable(draft, table);
  const updates = draft.updates.filter(isChange);
  return updates.map((update) => renewed(update, draft));
}

const columnsOf = (table: MockTable, isWeak: boolean): readonly (readonly [string, MockColumn])[] =>
  [...table.columns].filter(([, column]) => column.refers !== undefined && column.isWeak === isWeak);

/**
 * The references that keep rows of other tables. A server takes a reference with the uuid of the row itself for one to itself, which does not
 * count, also where it is to a row of another table.
 */
function* referencesIn(row: OvsdbRow, table: MockTable): Generator<readonly [string, OvsdbAtom, string]> {
  for (const [name, column] of columnsOf(table, false))
    for (const uuid of itemsOf(row[name], column)) if (uuid !== row['_uuid']) yield [name, uuid, column.refers ?? ''];
}

/** Rows of tables that are not roots go with the last reference to them. */
function collectGarbage(draft: Draft): void {
  for (let isDone = false; !isDone; ) {
    const used = usedRows(draft);
    isDone = true;
    for (const { name, isRoot } of TABLES.values())
      for (const uuid of isRoot
        ? []
        : [...draft.rows(name).keys()].filter((one) => used.get(name)?.has(one) !== true)) {
        draft.set(name, uuid, undefined);
        isDone = false;
      }
  }
}

/** The rows that others refer to, by their tables: rows of two tables may have the same uuid. */
function usedRows(draft: Draft): ReadonlyMap<string, ReadonlySet<OvsdbAtom>> {
  const used = new Map<string, Set<OvsdbAtom>>();
  for (const table of TABLES.values())
    for (const row of draft.rows(table.name).values())
      for (const [, uuid, refers] of referencesIn(row, table))
        used.set(refers, (used.get(refers) ?? new Set()).add(uuid));
  return used;
}

function checkReferences(draft: Draft, table: MockTable): void {
  for (const [uuid, row] of draft.rows(table.name)) {
    for (const [column, target, refers] of referencesIn(row, table))
      if (!draft.rows(refers).has(String(target))) throw dangling(draft, { table, uuid, column, target, refers });
    forgetGone(draft, table, [uuid, row]);
  }
}

interface Reference {
  readonly table: MockTable;
  readonly uuid: string;
  readonly column: string;
  readonly target: OvsdbAtom;
  readonly refers: string;
}

function dangling(draft: Draft, { table, uuid, column, target, refers }: Reference): Refusal {
  const wasThere = draft.before(refers, String(target)) !== undefined;
  return new Refusal(
    'referential integrity violation',
    wasThere
      ? `cannot delete ${refers} row ${target} because of 1 remaining reference(s)`
      : `Table ${table.name} column ${column} row ${uuid} references nonexistent row ${target} in table ${refers}.`,
  );
}

/** A weak reference goes with its row. */
function forgetGone(draft: Draft, table: MockTable, [uuid, row]: readonly [string, OvsdbRow]): void {
  for (const [name, column] of columnsOf(table, true)) {
    const items = itemsOf(row[name], column);
    const kept = items.filter((target) => draft.rows(column.refers ?? '').has(String(target)));
    if (kept.length === items.length) continue;
    const now = draft.rows(table.name).get(uuid) ?? row;
    draft.set(table.name, uuid, { ...now, [name]: valueWith(kept, column) });
  }
}

function checkTable(draft: Draft, { name, maxRows, index }: MockTable): void {
  const rows = draft.rows(name);
  if (rows.size > maxRows)
    throw violation(
      `transaction causes "${name}" table to contain ${rows.size} rows, greater than the schema-defined limit of ${maxRows} row(s)`,
    );
  if (index === undefined) return;
  const values = new Set<unknown>();
  for (const row of rows.values()) {
    if (values.has(row[index]))
      throw violation(
        `Transaction causes multiple rows in "${name}" table to have identical values (${row[index]}) for index on column "${index}".`,
      );
    values.add(row[index]);
  }
}

function isChange({ table, before, after }: RowUpdate): boolean {
  if (before === undefined || after === undefined) return before !== after;
  const columns = [...(TABLES.get(table)?.columns ?? [])];
  return columns.some(([name, column]) => !isEqual(before[name], after[name], column));
}

/** Each change of a row is another version of it. */
function renewed(update: RowUpdate, draft: Draft): RowUpdate {
  if (update.after === undefined) return update;
  const after = { ...update.after, _version: crypto.randomUUID() };
  draft.set(update.table, update.uuid, after);
  return { ...update, after };
}
