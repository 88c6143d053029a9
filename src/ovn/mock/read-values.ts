import { isList as isSet } from '../../options/kind-of-value.js';
import { mapOf, type OvsdbAtom, type OvsdbRow, type OvsdbValue } from '../../ovn-model/values.js';
import { decodeValue, uuidOf } from '../database/decode.js';
import { Fields, isList, listOf } from '../wire/fields.js';
import type { Json } from '../wire/json.js';
import { Refusal, violation } from './refusal.js';
import type { MockColumn, MockTable } from './tables.js';

/** Names of rows that a transaction inserts, with their uuids. */
export type Named = ReadonlyMap<string, string>;

/** Reads the columns of a row that a client sends, with the limits of their types. */
export function readRow(json: Json | undefined, table: MockTable, named: Named): OvsdbRow {
  const columns = [...Fields.of(json, 'a row').entries].map(([name, value]) => {
    const column = columnOf(name, table);
    return [name, checked(decodeValue(resolved(value, named), column, name), column)] as const;
  });
  return Object.fromEntries(columns);
}

/** @throws {@link Refusal} for a column that the table does not have */
export function columnOf(name: string, { name: table, columns }: MockTable): MockColumn {
  const column = columns.get(name);
  if (column === undefined) throw new Refusal('unknown column', `No column ${name} in table ${table}.`);
  return column;
}

/** Puts uuids in the place of names. */
export function resolved(json: Json, named: Named): Json {
  if (!isList(json)) return json;
  const [tag, name] = json;
  if (tag !== 'named-uuid' || typeof name !== 'string') return json.map((item) => resolved(item, named));
  return ['uuid', named.get(name) ?? crypto.randomUUID()]; // a row that nobody inserts
}

/** @throws {@link Refusal} for a value that the column cannot have */
export function checked(value: OvsdbValue, column: MockColumn): OvsdbValue {
  const items = itemsOf(value, column);
  if (items.length < column.min || items.length > column.max)
    throw violation(`${items.length} values, not ${column.min} to ${column.max}`);
  return within(value, column);
}

/** @throws {@link Refusal} for items that the column cannot have; there may be any number of them */
export function within(value: OvsdbValue, column: MockColumn): OvsdbValue {
  const items = itemsOf(value, column);
  if (new Set(items).size < items.length) throw new Refusal('ovsdb error', 'set contains duplicate');
  for (const item of items) checkItem(item, column);
  return value;
}

function checkItem(item: OvsdbAtom, { allowed, range }: MockColumn): void {
  if (allowed !== undefined && !allowed.includes(String(item)))
    throw violation(`${item} is not one of the allowed values ([${[...allowed].sort().join(', ')}])`);
  if (range !== undefined && (Number(item) < range[0] || Number(item) > range[1]))
    throw violation(`${item} is not in the valid range ${range[0]} to ${range[1]} (inclusive)`);
}

/** The items of a column: of a map its keys. */
export function itemsOf(value: OvsdbValue, column: MockColumn): readonly OvsdbAtom[] {
  if (column.value !== undefined) return [...mapOf(value).keys()];
  if (value === undefined || value instanceof Map) return [];
  return typeof value === 'object' ? [...atomsIn(value)] : [value];
}

/** A value that is an object is a set here. */
const atomsIn = (value: object): readonly OvsdbAtom[] => (isSet(value) ? value.filter(isAtom) : []);

const isAtom = (item: unknown): item is OvsdbAtom => ['string', 'number', 'bigint', 'boolean'].includes(typeof item);

/** The keys that a mutation names to delete from a map; nothing where it names pairs. */
export function keysIn(json: Json, column: MockColumn): readonly OvsdbAtom[] | undefined {
  const [tag, items] = listOf(json, 'keys');
  if (tag === 'map') return undefined;
  const list = listOf(items, 'keys');
  if (new Set(list.map((item) => JSON.stringify(item))).size < list.length)
    throw new Refusal('ovsdb error', 'set contains duplicate');
  return list.flatMap((item) => (column.key === 'uuid' ? uuidOf(item, 'a key') : isAtom(item) ? item : []));
}
