import { mapOf, type OvsdbAtom, type OvsdbRow, type OvsdbValue } from '../../ovn-model/values.js';
import { decodeValue } from '../database/decode.js';
import { listOf } from '../wire/fields.js';
import type { Json } from '../wire/json.js';
import { valueWith } from './items.js';
import { checked, columnOf, itemsOf, keysIn, type Named, resolved, within } from './read-values.js';
import { Refusal } from './refusal.js';
import type { MockColumn, MockTable } from './tables.js';

/** A mutation, read. */
export type Mutation = (row: OvsdbRow) => OvsdbRow;

/** Reads a mutation. Source: RFC 7047, section 5.1. */
export function mutationOf(json: Json, table: MockTable, named: Named): Mutation {
  const [name, mutator, value = null] = listOf(json, 'a mutation');
  const column = columnOf(String(name), table);
  const change = changeOf(String(mutator), resolved(value, named), column);
  return (row) => ({ ...row, [String(name)]: checked(change(row[String(name)]), column) });
}

type Change = (value: OvsdbValue) => OvsdbValue;

function changeOf(mutator: string, json: Json, column: MockColumn): Change {
  if (mutator === 'insert') return inserting(json, column);
  if (mutator === 'delete') return deleting(json, column);
  if (typeof json !== 'number' && typeof json !== 'bigint') throw new Refusal('syntax error', 'expected integer');
  const operand = BigInt(json);
  return (value) =>
    valueWith(
      itemsOf(value, column).map((item) => calculated(item, mutator, operand)),
      column,
    );
}

const asSet = (column: MockColumn): MockColumn => ({ ...column, min: 0, max: Number.POSITIVE_INFINITY });

/** A key that a map has keeps its value. */
function inserting(json: Json, column: MockColumn): Change {
  const more = within(decodeValue(json, asSet(column), 'a mutation'), column);
  if (column.value !== undefined) return (value) => new Map([...mapOf(more), ...mapOf(value)]);
  return (value) => united(itemsOf(value, column), itemsOf(more, asSet(column)), column);
}

function united(some: readonly OvsdbAtom[], more: readonly OvsdbAtom[], column: MockColumn): OvsdbValue {
  const items = [...new Set([...some, ...more])];
  if (items.length > column.max) throw new Refusal('constraint violation', `${items.length} values, not ${column.max}`);
  return valueWith(items, column);
}

function deleting(json: Json, column: MockColumn): Change {
  const keys = keysIn(json, column);
  if (column.value !== undefined)
    return (value) => new Map([...mapOf(value)].filter(([key, one]) => !isGone(key, one)));
  return (value) =>
    valueWith(
      itemsOf(value, column).filter((item) => !(keys ?? []).includes(item)),
      column,
    );

  function isGone(key: OvsdbAtom, value: OvsdbAtom): boolean {
    if (keys !== undefined) return keys.includes(key);
    return mapOf(decodeValue(json, column, 'a mutation')).get(key) === value;
  }
}

/** Integers of a database have 64 bits. */
function calculated(value: OvsdbAtom, mutator: string, operand: bigint): OvsdbAtom {
  const result = resultOf(BigInt(value), mutator, operand);
  if (BigInt.asIntN(64, result) !== result)
    throw new Refusal('range error', `Result of "${mutator}" operation is out of range.`);
  return Number.isSafeInteger(Number(result)) ? Number(result) : result;
}

function resultOf(value: bigint, mutator: string, operand: bigint): bigint {
  if ((mutator === '/=' || mutator === '%=') && operand === 0n) throw new Refusal('domain error', 'Division by zero.');
  if (mutator === '+=') return value + operand;
  if (mutator === '-=') return value - operand;
  if (mutator === '*=') return value * operand;
  if (mutator === '/=') return value / operand;
  if (mutator === '%=') return value % operand;
  throw new Refusal('syntax error', `No mutator "${mutator}"`);
}
