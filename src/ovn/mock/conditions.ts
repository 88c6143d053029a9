import type { OvsdbRow, OvsdbValue } from '../../ovn-model/values.js';
import { decodeValue } from '../database/decode.js';
import { listOf } from '../wire/fields.js';
import type { Json } from '../wire/json.js';
import { isEqual, partsOf } from './items.js';
import { columnOf, type Named, resolved, within } from './read-values.js';
import { Refusal } from './refusal.js';
import type { MockColumn, MockTable } from './tables.js';

/** Tells whether a row is one of those that are asked for. */
export type Condition = (row: OvsdbRow) => boolean;

/** Reads conditions, all of which a row must fulfil. Source: RFC 7047, section 5.1. */
export function conditionOf(json: Json | undefined, table: MockTable, named: Named): Condition {
  const conditions = listOf(json ?? [], 'where').map((one) => readCondition(one, table, named));
  return (row) => conditions.every((isMet) => isMet(row));
}

function readCondition(json: Json, table: MockTable, named: Named): Condition {
  const [name, test, value = null] = listOf(json, 'a condition');
  const column = columnOf(String(name), table);
  const asked = within(decodeValue(resolved(value, named), column, String(name)), column);
  return (row) => isMet(String(test), row[String(name)], asked, column);
}

function isMet(test: string, value: OvsdbValue, asked: OvsdbValue, column: MockColumn): boolean {
  const [has, wants] = [partsOf(value, column), [...partsOf(asked, column)]];
  switch (test) {
    case '==':
      return isEqual(value, asked, column);
    case '!=':
      return !isEqual(value, asked, column);
    case 'includes':
      return wants.every((part) => has.has(part));
    case 'excludes':
      return !wants.some((part) => has.has(part));
    default:
      return isInOrder(test, Number(value), Number(asked));
  }
}

function isInOrder(test: string, value: number, asked: number): boolean {
  if (test === '<') return value < asked;
  if (test === '<=') return value <= asked;
  if (test === '>') return value > asked;
  if (test === '>=') return value >= asked;
  throw new Refusal('syntax error', `No function "${test}"`);
}
