import { LibvirtError } from '../errors/index.js';

/** Room for the deepest text that the XML reader takes; a list stands between an element and those in it. */
const MAX_DEPTH = 1024;

/**
 * A deeply frozen copy of plain data, without properties that are `undefined`. What is deeply frozen already is taken
 * as it is, so that changing one thing of a large network copies little.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is nested too deeply, as data is that holds itself
 */
export function frozenCopy<T>(value: T, depth = 0): T {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH)
    throw new LibvirtError('INVALID_ARGUMENT', 'the document is nested too deeply, or a part of it holds itself');
  const copy: unknown = Array.isArray(value) ? copyOfList(value, depth) : copyOfObject(value, depth);
  return Object.freeze(copy) as T; // a copy has the type of what it was copied from
}

function copyOfList(list: readonly unknown[], depth: number): readonly unknown[] {
  const items = list.map((item) => frozenCopy(item, depth + 1));
  return Object.isFrozen(list) && items.every((item, i) => item === list[i]) ? list : items;
}

function copyOfObject(value: object, depth: number): object {
  const given = Object.entries(value);
  const entries = given
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [key, frozenCopy(item, depth + 1)]);
  const same = entries.length === given.length && entries.every(([, item], i) => item === given[i]?.[1]);
  if (same && Object.isFrozen(value)) return value;
  // Defines properties instead of assigning them: JSON may hold the key `__proto__`.
  const copy: object = Object.fromEntries(entries);
  return Object.getPrototypeOf(value) === null ? Object.assign(Object.create(null), copy) : copy;
}
