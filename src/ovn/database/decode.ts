import type { OvsdbAtom, OvsdbRow, OvsdbValue } from '../../ovn-model/values.js';
import { Fields, isList, listOf } from '../wire/fields.js';
import type { Json } from '../wire/json.js';
import { Unreadable } from '../wire/unreadable.js';
import { type BaseType, type ColumnType, shapeOf, type TableSchema } from './schema.js';

/**
 * Reads the columns of a row; columns that the schema does not have are left out.
 *
 * @throws {@link Unreadable} for a value that does not have the column's type
 */
export function decodeRow(row: Json | undefined, table: TableSchema): OvsdbRow {
  const columns = [...Fields.of(row, `a row of ${table.name}`).entries].flatMap(([name, json]) => {
    const type = table.columns.get(name);
    return type === undefined ? [] : [[name, decodeValue(json, type, `${table.name}.${name}`)]];
  });
  return Object.fromEntries(columns);
}

/** Reads the value of a column. */
export function decodeValue(json: Json, type: ColumnType, what: string): OvsdbValue {
  switch (shapeOf(type)) {
    case 'scalar':
      return atomOf(json, type.key, what);
    case 'optional':
      return itemsOf(json).map((item) => atomOf(item, type.key, what))[0];
    case 'set':
      return itemsOf(json).map((item) => atomOf(item, type.key, what));
    case 'map':
      return new Map(pairsOf(json, what).map((pair) => entryOf(pair, type, what)));
  }
}

/** Items of a set. A set of one comes as its item. */
function itemsOf(json: Json): readonly Json[] {
  return isList(json) && json[0] === 'set' ? listOf(json[1], 'a set') : [json];
}

function pairsOf(json: Json, what: string): readonly Json[] {
  const [tag, pairs] = listOf(json, what);
  if (tag !== 'map') throw new Unreadable(`${what} is not a map`);
  return listOf(pairs, what);
}

function entryOf(pair: Json, { key, value = key }: ColumnType, what: string): readonly [OvsdbAtom, OvsdbAtom] {
  const [one, other] = listOf(pair, what);
  return [atomOf(one, key, what), atomOf(other, value, what)];
}

/** Reads a single value. */
function atomOf(json: Json | undefined, type: BaseType, what: string): OvsdbAtom {
  if (type === 'uuid') return uuidOf(json, what);
  if (type === 'string' && typeof json === 'string') return json;
  if (type === 'boolean' && typeof json === 'boolean') return json;
  if (type === 'integer' && typeof json === 'bigint') return json;
  if ((type === 'integer' || type === 'real') && typeof json === 'number') return json;
  throw new Unreadable(`${what} has a value that is not of type ${type}`);
}

/** Reads a uuid, which comes with a tag. */
export function uuidOf(json: Json | undefined, what: string): string {
  const [tag, uuid] = listOf(json, what);
  if (tag === 'uuid' && typeof uuid === 'string') return uuid;
  throw new Unreadable(`${what} has a value that is not a uuid`);
}

/** The value of a column that nothing was written to. Source: RFC 7047, section 5.2.1. */
export function defaultOf(type: ColumnType): OvsdbValue {
  switch (shapeOf(type)) {
    case 'scalar':
      return DEFAULTS[type.key];
    case 'optional':
      return undefined;
    case 'set':
      return [];
    case 'map':
      return new Map();
  }
}

const DEFAULTS: Readonly<Record<BaseType, OvsdbAtom>> = {
  integer: 0,
  real: 0,
  boolean: false,
  string: '',
  uuid: '00000000-0000-0000-0000-000000000000',
};
