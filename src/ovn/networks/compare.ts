import { isList } from '../../options/kind-of-value.js';
import { mapOf, type OvsdbValue, type OvsdbValueInput } from '../../ovn-model/values.js';
import { isRecord } from '../../schema/values.js';

/** Tells whether a column has the value that it should have; the order of sets and maps is nobody's. */
export function isSame(wanted: OvsdbValueInput, found: OvsdbValue): boolean {
  if (wanted === found) return true;
  if (isList(wanted)) return isSameSet(wanted, itemsOf(found));
  return isRecord(wanted) && isSameMap(wanted, mapOf(found));
}

/** The items of a set; a set of one may come as its item. */
export const itemsOf = (value: OvsdbValue): readonly unknown[] =>
  isList(value) ? value : value === undefined ? [] : [value];

function isSameSet(wanted: readonly unknown[], found: readonly unknown[]): boolean {
  if (wanted.length !== found.length) return false;
  if (wanted.length < 2) return wanted[0] === found[0];
  const items = new Set(found);
  return wanted.every((item) => items.has(item));
}

function isSameMap(wanted: Readonly<Record<string, unknown>>, found: ReadonlyMap<unknown, unknown>): boolean {
  let count = 0;
  for (const key in wanted) {
    if (found.get(key) !== wanted[key]) return false;
    count++;
  }
  return count === found.size;
}
