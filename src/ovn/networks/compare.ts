import { isList } from '../../options/kind-of-value.js';
import { mapOf, type OvsdbValue, type OvsdbValueInput } from '../database/values.js';

/** Tells whether a column has the value that it should have; the order of sets and maps is nobody's. */
export function isSame(wanted: OvsdbValueInput, found: OvsdbValue): boolean {
  if (isList(wanted)) return isSameSet(wanted, itemsOf(found));
  if (typeof wanted === 'object' && wanted !== null) return isSameMap(new Map(Object.entries(wanted)), mapOf(found));
  return wanted === found;
}

/** The items of a set; a set of one may come as its item. */
export const itemsOf = (value: OvsdbValue): readonly unknown[] =>
  isList(value) ? value : value === undefined ? [] : [value];

function isSameSet(wanted: readonly unknown[], found: readonly unknown[]): boolean {
  const items = new Set(found);
  return wanted.length === items.size && wanted.every((item) => items.has(item));
}

const isSameMap = (wanted: ReadonlyMap<unknown, unknown>, found: ReadonlyMap<unknown, unknown>): boolean =>
  wanted.size === found.size && [...wanted].every(([key, value]) => found.get(key) === value);
