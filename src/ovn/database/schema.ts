import { Fields } from '../wire/fields.js';
import type { Json } from '../wire/json.js';
import { Unreadable } from '../wire/unreadable.js';

/** Kinds of single values. Source: RFC 7047, section 3.2. */
export type BaseType = (typeof BASE_TYPES)[number];

const BASE_TYPES = ['integer', 'real', 'boolean', 'string', 'uuid'] as const;

/** Type of a column. */
export interface ColumnType {
  readonly key: BaseType;
  /** Type of the values, where the column is a map. */
  readonly value?: BaseType | undefined;
  readonly min: number;
  /** `Infinity` where there is not a limit. */
  readonly max: number;
}

/** Shapes of columns: a map, a set, a single value, or one that may not be set. */
export function shapeOf({ value, min, max }: ColumnType): 'map' | 'set' | 'optional' | 'scalar' {
  if (value !== undefined) return 'map';
  if (max > 1) return 'set';
  return min === 0 ? 'optional' : 'scalar';
}

/** A table of a database. */
export interface TableSchema {
  readonly name: string;
  /** The columns by name, `_uuid` and `_version` included. */
  readonly columns: ReadonlyMap<string, ColumnType>;
}

/** Tables and columns of a database, as its server has them. */
export interface DatabaseSchema {
  readonly name: string;
  /** Such as `7.0.0`: a new minor version adds tables or columns only. */
  readonly version: string;
  readonly tables: ReadonlyMap<string, TableSchema>;
}

/** One single value, always there. */
export const scalar = (key: BaseType): ColumnType => ({ key, min: 1, max: 1 });

/**
 * Reads the answer to `get_schema`.
 *
 * @throws {@link Unreadable}
 */
export function readSchema(answer: Json): DatabaseSchema {
  const schema = Fields.of(answer, 'the schema');
  const tables = [...schema.object('tables').entries].map(([name, table]) => [name, tableOf(name, table)] as const);
  return { name: schema.text('name'), version: schema.text('version'), tables: new Map(tables) };
}

function tableOf(name: string, table: Json): TableSchema {
  const columns = Fields.of(table, `table ${name}`).object('columns').entries;
  const types = [...columns].map(([column, json]) => [column, columnOf(json, `${name}.${column}`)] as const);
  return { name, columns: new Map([...types, ['_uuid', scalar('uuid')], ['_version', scalar('uuid')]]) };
}

function columnOf(column: Json, what: string): ColumnType {
  const type = Fields.of(column, what).get('type');
  if (typeof type === 'string') return scalar(baseOf(type, what));
  const { key, value, min, max } = membersOf(type, what);
  return {
    key: baseOf(key, what),
    value: value === undefined ? undefined : baseOf(value, what),
    min: min === undefined ? 1 : countOf(min, what),
    max: max === undefined ? 1 : countOf(max, what),
  };
}

function membersOf(type: Json | undefined, what: string) {
  const fields = Fields.of(type, `the type of ${what}`);
  return { key: fields.get('key'), value: fields.get('value'), min: fields.get('min'), max: fields.get('max') };
}

/** A base type is a name, or an object that also limits its values. */
function baseOf(base: Json | undefined, what: string): BaseType {
  const name = typeof base === 'string' ? base : Fields.of(base, `the type of ${what}`).text('type');
  const known = BASE_TYPES.find((one) => one === name);
  if (known === undefined) throw new Unreadable(`${what} has the unknown type "${name}"`);
  return known;
}

function countOf(count: Json, what: string): number {
  if (count === 'unlimited') return Number.POSITIVE_INFINITY;
  if (typeof count !== 'number') throw new Unreadable(`${what} has an unreadable size`);
  return count;
}
