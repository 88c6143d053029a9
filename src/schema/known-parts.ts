import type { AnyTable, ElementTable, Field } from './element.js';
import { isKnownTo } from './release.js';
import { isRecord, listOf } from './values.js';

/**
 * A value without the parts that a libvirt release does not know: unknown elements and attributes, and properties that are
 * newer.
 */
export const knownParts = <T>(table: ElementTable<T>, value: T, release: number): T =>
  // The same properties of the same types, or fewer of those that may be absent.
  partsOf(table, value, release) as T;

function partsOf(table: AnyTable, value: unknown, release: number): unknown {
  if (!isRecord(value)) return value;
  const known: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const field = Object.hasOwn(table.fields, key) ? table.fields[key] : undefined;
    if (field !== undefined && isKnownTo(release, field.since)) known[key] = knownField(field, item, release);
  }
  return known;
}

function knownField({ place }: Field<unknown>, item: unknown, release: number): unknown {
  if (place.at === 'one') return partsOf(place.table(), item, release);
  if (place.at === 'many') return listOf(item).map((one) => partsOf(place.table(), one, release));
  return item;
}
