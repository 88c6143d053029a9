import { mapOf, type OvsdbRow, type OvsdbValue } from '../../ovn-model/values.js';
import { defaultOf } from '../database/decode.js';
import { encodeValue } from '../database/encode.js';
import { shapeOf } from '../database/schema.js';
import { Fields, listOf } from '../wire/fields.js';
import type { Json } from '../wire/json.js';
import { type Condition, conditionOf } from './conditions.js';
import type { Contents, RowUpdate } from './contents.js';
import { isEqual } from './items.js';
import { columnOf, itemsOf } from './read-values.js';
import { Refusal } from './refusal.js';
import { type MockColumn, type MockTable, TABLES } from './tables.js';

/** A table that a client watches. */
interface Watched {
  readonly table: MockTable;
  readonly columns: readonly string[];
  readonly isWatched: Condition;
}

/** What one client watches. Source: ovsdb-server(7), section 4.1.12 (monitor_cond). */
export class MockMonitor {
  readonly #watched: ReadonlyMap<string, Watched>;

  /** @param request - the tables, each with a list of columns and conditions, of which this has the first */
  constructor(request: Json | undefined) {
    const tables = [...Fields.of(request, 'the tables of a monitor').entries];
    this.#watched = new Map(tables.map(([name, requests]) => [name, watchedOf(name, listOf(requests, name)[0])]));
  }

  /** All rows that are watched. */
  initial(contents: Contents): Json {
    return this.#print((watched) =>
      [...(contents.get(watched.table.name) ?? [])].flatMap(([uuid, row]) =>
        watched.isWatched(row) ? [[uuid, { initial: shown(row, watched) }] as const] : [],
      ),
    );
  }

  /** What has changed of them; nothing where that is none of it. */
  changes(updates: readonly RowUpdate[]): Json | undefined {
    const printed = this.#print((watched) =>
      updates
        .filter(({ table }) => table === watched.table.name)
        .flatMap((update) => {
          const change = changeOf(update, watched);
          return change === undefined ? [] : [[update.uuid, change] as const];
        }),
    );
    return Object.keys(printed).length === 0 ? undefined : printed;
  }

  #print(rowsOf: (watched: Watched) => readonly (readonly [string, Json])[]): { readonly [name: string]: Json } {
    return Object.fromEntries(
      [...this.#watched].flatMap(([name, watched]) => {
        const rows = rowsOf(watched);
        return rows.length === 0 ? [] : [[name, Object.fromEntries(rows)]];
      }),
    );
  }
}

function watchedOf(name: string, request: Json | undefined): Watched {
  const table = TABLES.get(name);
  if (table === undefined) throw new Refusal('syntax error', `no table named ${name}`);
  const fields = Fields.of(request, name);
  const columns = fields.list('columns').map(String);
  for (const column of columns) columnOf(column, table);
  return { table, columns, isWatched: conditionOf(fields.get('where'), table, new Map()) };
}

function changeOf({ before, after }: RowUpdate, watched: Watched): Json | undefined {
  const [was, is] = [before, after].map((row) => (row !== undefined && watched.isWatched(row) ? row : undefined));
  if (is === undefined) return was === undefined ? undefined : { delete: null };
  if (was === undefined) return { insert: shown(is, watched) };
  const different = modified(was, is, watched);
  return Object.keys(different).length === 0 ? undefined : { modify: different };
}

/** Columns that are not empty. */
const shown = (row: OvsdbRow, { columns, table }: Watched): Json =>
  Object.fromEntries(
    columns.flatMap((name) => {
      const column = columnOf(name, table);
      const isDefault = isEqual(row[name], defaultOf(column), column);
      return isDefault ? [] : [[name, encodeValue(row[name], column, name)]];
    }),
  );

/** What turns one row into another. */
const modified = (was: OvsdbRow, is: OvsdbRow, { columns, table }: Watched): { readonly [name: string]: Json } =>
  Object.fromEntries(
    columns.flatMap((name) => {
      const column = columnOf(name, table);
      if (isEqual(was[name], is[name], column)) return [];
      return [[name, encodeValue(difference(was[name], is[name], column), column, name)]];
    }),
  );

/** The difference of two values: of sets the items that one of them has, of maps the pairs to set, and the pairs to take away. */
function difference(was: OvsdbValue, is: OvsdbValue, column: MockColumn): OvsdbValue {
  const shape = shapeOf(column);
  if (shape === 'map') {
    const [old, now] = [mapOf(was), mapOf(is)];
    const set = [...now].filter(([key, value]) => old.get(key) !== value);
    return new Map([...set, ...[...old].filter(([key]) => !now.has(key))]);
  }
  if (shape !== 'set') return is;
  const [old, now] = [itemsOf(was, column), itemsOf(is, column)];
  return [...old.filter((item) => !now.includes(item)), ...now.filter((item) => !old.includes(item))];
}
