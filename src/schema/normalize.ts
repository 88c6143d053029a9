import type { AnyTable, Field } from './element.js';
import { isRecord, listOf } from './values.js';

/** A value with every scalar in the spelling that libvirt prints, so that equal meaning is equal data. */
export function normalized(table: AnyTable, value: unknown): unknown {
  if (!isRecord(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const field = Object.hasOwn(table.fields, key) ? table.fields[key] : undefined;
    if (item !== undefined) result[key] = field === undefined ? item : normalizedField(field, item);
  }
  return result;
}

function normalizedField({ place }: Field<unknown>, item: unknown): unknown {
  if (place.at === 'one') return normalized(place.table(), item);
  if (place.at === 'many') return listOf(item).map((one) => normalized(place.table(), one));
  if (place.at !== 'attribute' && place.at !== 'leaf') return item;
  return place.scalar.accepts(item) ? (place.scalar.read(place.scalar.write(item)) ?? item) : item;
}
