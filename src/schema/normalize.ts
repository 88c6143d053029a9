import { namesOf } from '../xml/names-of.js';
import type { AnyTable, Field } from './element.js';
import { isRecord, listOf } from './values.js';

/** A value with every scalar in the spelling that libvirt prints, so that equal meaning is equal data. */
export function normalized(table: AnyTable, value: unknown): unknown {
  if (!isRecord(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const field = Object.hasOwn(table.fields, key) ? table.fields[key] : undefined;
    const plain = key === 'extra' ? withoutDeclarations(item) : item;
    if (plain !== undefined) result[key] = field === undefined ? plain : normalizedField(field, plain);
  }
  return result;
}

/** Drops namespace declarations, which mean nothing by themselves, from the kept parts of an element. */
function withoutDeclarations(extra: unknown): unknown {
  if (!isRecord(extra) || !isRecord(extra['attributes'])) return extra;
  const { attributes, ...others } = extra;
  const names = namesOf(attributes);
  const kept = names.filter((name) => !/^xmlns(:|$)/.test(name));
  if (kept.length === 0) return namesOf(others).length > 0 ? others : undefined;
  if (kept.length === names.length) return extra;
  return { ...others, attributes: Object.fromEntries(kept.map((name) => [name, attributes[name]])) };
}

function normalizedField({ place }: Field<unknown>, item: unknown): unknown {
  if (place.at === 'one') return normalized(place.table(), item);
  if (place.at === 'many') return listOf(item).map((one) => normalized(place.table(), one));
  if (place.at !== 'attribute' && place.at !== 'leaf') return item;
  return place.scalar.accepts(item) ? (place.scalar.read(place.scalar.write(item)) ?? item) : item;
}
