import { mapOf, type OvsdbAtom, type OvsdbValue } from '../../ovn-model/values.js';
import { shapeOf } from '../database/schema.js';
import { itemsOf } from './read-values.js';
import type { MockColumn } from './tables.js';

/** What a value consists of, each part as a text that no other part has: pairs of a map, items of a set. */
export function partsOf(value: OvsdbValue, column: MockColumn): ReadonlySet<string> {
  if (column.value === undefined) return new Set(itemsOf(value, column).map((item) => JSON.stringify(item)));
  return new Set([...mapOf(value)].map((pair) => JSON.stringify(pair)));
}

/** Tells whether two values of a column are the same. */
export function isEqual(one: OvsdbValue, other: OvsdbValue, column: MockColumn): boolean {
  const [these, those] = [partsOf(one, column), partsOf(other, column)];
  return these.size === those.size && [...these].every((part) => those.has(part));
}

/** The value of a column with these items. */
export const valueWith = (items: readonly OvsdbAtom[], column: MockColumn): OvsdbValue =>
  shapeOf(column) === 'set' ? items : items[0];
