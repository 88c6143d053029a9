import { mapOf, type OvsdbAtom, type OvsdbRow, type OvsdbValue } from '../../ovn-model/values.js';
import { Fields } from '../wire/fields.js';
import type { Json } from '../wire/json.js';
import { Unreadable } from '../wire/unreadable.js';
import { decodeRow, decodeValue, defaultOf } from './decode.js';
import { type ColumnType, shapeOf, type TableSchema } from './schema.js';

/** A table of which some columns are watched. */
export type WatchedTable = Pick<TableSchema, 'name' | 'columns'>;

/** Rows of one table by uuid. */
export type RowsByUuid = Map<string, OvsdbRow>;

/** The rows of all tables that are watched, by the names of the tables. */
export type WatchedRows = ReadonlyMap<string, RowsByUuid>;

/** One row as it is from now on; without a row it is deleted. */
export interface UpdatedRow {
  readonly table: string;
  readonly uuid: string;
  readonly row: OvsdbRow | undefined;
}

/**
 * Applies what a monitor reports: all of it, or nothing where it cannot be read. Source: ovsdb-server(7), section 4.1.14 (update2).
 *
 * @param updates - the tables with their changed rows
 * @param rows - what is known so far; is changed
 * @param tables - the tables that are watched
 * @returns the rows that have changed
 * @throws {@link Unreadable}
 */
export function applyUpdates(
  updates: Json | undefined,
  rows: WatchedRows,
  tables: readonly WatchedTable[],
): readonly UpdatedRow[] {
  const changes = changesIn(updates, rows, tables);
  for (const { table, uuid, row } of changes) {
    if (row === undefined) rows.get(table)?.delete(uuid);
    else rows.get(table)?.set(uuid, row);
  }
  return changes;
}

function changesIn(
  updates: Json | undefined,
  all: WatchedRows,
  tables: readonly WatchedTable[],
): readonly UpdatedRow[] {
  return [...Fields.of(updates, 'the updates').entries].flatMap(([name, changed]) => {
    const table = tables.find((one) => one.name === name);
    const rows = all.get(name);
    if (table === undefined || rows === undefined)
      throw new Unreadable(`updates of the table ${name}, which is not watched`);
    return [...Fields.of(changed, `the updates of ${name}`).entries].map(([uuid, update]) => {
      const before = rows.get(uuid);
      return { table: name, uuid, row: rowAfter(Fields.of(update, `an update of ${name}`), { uuid, before, table }) };
    });
  });
}

interface RowBefore {
  readonly uuid: string;
  readonly before: OvsdbRow | undefined;
  readonly table: WatchedTable;
}

function rowAfter(update: Fields, { uuid, before, table }: RowBefore): OvsdbRow | undefined {
  const inserted = update.get('initial') ?? update.get('insert');
  if (inserted !== undefined) return { ...defaultRow(table), ...decodeRow(inserted, table), _uuid: uuid };
  const modified = update.get('modify');
  if (modified === undefined) {
    if (update.get('delete') !== undefined) return undefined;
    throw new Unreadable(`an update of ${table.name} that says nothing`);
  }
  if (before === undefined) throw new Unreadable(`a change of a row of ${table.name} that is not there`);
  return { ...before, ...differenceIn(modified, before, table) };
}

const defaultRow = ({ columns }: WatchedTable): OvsdbRow =>
  Object.fromEntries([...columns].map(([name, type]) => [name, defaultOf(type)]));

function differenceIn(modified: Json, before: OvsdbRow, table: WatchedTable): OvsdbRow {
  const columns = [...Fields.of(modified, `a change of ${table.name}`).entries].flatMap(([name, json]) => {
    const type = table.columns.get(name);
    if (type === undefined) return [];
    const difference = decodeValue(json, type, `${table.name}.${name}`);
    return [[name, valueAfter(before[name], difference, type)]];
  });
  return Object.fromEntries(columns);
}

/** Sets and maps come as what differs, single values as what they are now. */
function valueAfter(before: OvsdbValue, difference: OvsdbValue, type: ColumnType): OvsdbValue {
  const shape = shapeOf(type);
  if (shape === 'set') return toggled(itemsOf(before), itemsOf(difference));
  return shape === 'map' ? mapAfter(mapOf(before), mapOf(difference)) : difference;
}

const itemsOf = (value: OvsdbValue): readonly OvsdbAtom[] => (Array.isArray(value) ? value : []);

function toggled(before: readonly OvsdbAtom[], difference: readonly OvsdbAtom[]): readonly OvsdbAtom[] {
  const [known, changed] = [new Set(before), new Set(difference)];
  return [...before.filter((item) => !changed.has(item)), ...difference.filter((item) => !known.has(item))];
}

/** A key with the value that it has is taken out. */
function mapAfter(
  before: ReadonlyMap<OvsdbAtom, OvsdbAtom>,
  difference: ReadonlyMap<OvsdbAtom, OvsdbAtom>,
): ReadonlyMap<OvsdbAtom, OvsdbAtom> {
  const after = new Map(before);
  for (const [key, value] of difference) {
    if (before.get(key) === value) after.delete(key);
    else after.set(key, value);
  }
  return after;
}
