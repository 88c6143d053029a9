import { LibvirtError } from '../../errors/index.js';
import { isList, kindOfValue } from '../../options/kind-of-value.js';
import { shown } from '../../options/shown.js';
import type { NamedRow, OvsdbValueInput } from '../../ovn-model/values.js';
import type { Json } from '../wire/json.js';
import { type BaseType, type ColumnType, shapeOf } from './schema.js';

/**
 * Prints the value of a column.
 *
 * @param what - names the column in messages, such as `row.name of Logical_Switch`
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for a value that does not have the column's type
 */
export function encodeValue(value: OvsdbValueInput, type: ColumnType, what: string): Json {
  switch (shapeOf(type)) {
    case 'scalar':
      return atomOf(value, type.key, what);
    case 'optional':
      return value === undefined ? ['set', []] : atomOf(value, type.key, what);
    case 'set':
      return setOf(value, type, what);
    case 'map':
      return mapOf(value, type, what);
  }
}

/** Prints a set. A single value is a set of one. */
export function setOf(value: OvsdbValueInput, { key }: ColumnType, what: string): Json {
  const items: readonly unknown[] = isList(value) ? value : value === undefined ? [] : [value];
  return ['set', items.map((item) => atomOf(item, key, what))];
}

function mapOf(given: OvsdbValueInput, { key, value = key }: ColumnType, what: string): Json {
  const pairs = entriesOf(given, what).map(([one, other]) => [
    atomOf(key === 'integer' && typeof one === 'string' ? numberOf(one) : one, key, what),
    atomOf(other, value, what),
  ]);
  return ['map', pairs];
}

function entriesOf(given: OvsdbValueInput, what: string): readonly (readonly [unknown, unknown])[] {
  if (given === undefined) return [];
  if (given instanceof Map) return [...given];
  if (typeof given === 'object' && !isList(given)) return Object.entries(given);
  throw invalid(what, 'is not a map', 'pass a plain object or a Map');
}

/** The keys of a plain object are texts. */
const numberOf = (text: string): unknown => (/^-?\d{1,15}$/.test(text) ? Number(text) : text);

/** Prints a single value. */
function atomOf(value: unknown, type: BaseType, what: string): Json {
  const json = PRINTERS[type](value, what);
  if (json !== undefined) return json;
  const { name, hint } = TYPES[type];
  throw invalid(what, `is ${shown(value)}, which is not ${name}`, hint);
}

/** What a value of each type is called, and how it is written. */
const TYPES: Readonly<Record<BaseType, { readonly name: string; readonly hint: string }>> = {
  integer: { name: 'a whole number', hint: 'write it without quotes, such as 5, and beyond 53 bits as a bigint: 5n' },
  real: { name: 'a number', hint: 'write it without quotes, such as 0.5' },
  boolean: { name: 'true or false', hint: 'write true or false without quotes' },
  string: {
    name: 'a text',
    hint: "write it in quotes, such as '5', and several as an array where the column is a set",
  },
  uuid: {
    name: 'a uuid, or { named } for a row of the same transaction',
    hint: "pass the _uuid of a row, or { named: 'x' } for one that is inserted with uuidName: 'x'",
  },
};

const PRINTERS: Readonly<Record<BaseType, (value: unknown, what: string) => Json | undefined>> = {
  integer: (value, what) => integerOf(value, what),
  real: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  string: (value, what) => (typeof value === 'string' ? checkedText(value, what) : undefined),
  uuid: (value) => referenceOf(value),
};

function integerOf(value: unknown, what: string): Json | undefined {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  if (Number.isSafeInteger(value)) return value;
  throw invalid(what, `is ${value}, which a number cannot hold exactly`, 'pass a bigint');
}

/**
 * Returns a text that the server takes: it hangs up at NUL and at half of a surrogate pair.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function checkedText(text: string, what: string): string {
  if (typeof text !== 'string') throw invalid(what, `must be text, not ${kindOfValue(text)}`, TYPES.string.hint);
  if (!/\0|\p{Surrogate}/u.test(text)) return text;
  const why = 'has a NUL or half of a surrogate pair, at which the server closes the connection';
  throw invalid(what, why, 'leave such characters out: text.toWellFormed() replaces halves of pairs');
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function referenceOf(value: unknown): Json | undefined {
  if (typeof value === 'string') return UUID.test(value) ? ['uuid', value.toLowerCase()] : undefined;
  if (isNamed(value)) return ['named-uuid', identifierOf(value.named, 'named')];
  return undefined;
}

const isNamed = (value: unknown): value is NamedRow =>
  typeof value === 'object' && value !== null && 'named' in value && typeof value.named === 'string';

/**
 * Returns a name that a transaction can use for a row, or that a lock can have.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function identifierOf(name: string, what: string): string {
  if (typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw invalid(what, `is ${shown(name)}, which is not a name`, 'use letters, digits and underscores');
}

/** Error of a value that cannot be written. */
export const invalid = (what: string, why: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${what} ${why}`, { hint });
