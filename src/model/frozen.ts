import { LibvirtError } from '../errors/index.js';
import { readable } from '../options/options.js';

/** Room for the deepest text that the XML reader takes; a list stands between an element and those in it. */
const MAX_DEPTH = 1024;

/**
 * A deeply frozen copy of plain data, without properties that are `undefined`; a hole of a list becomes an item that is
 * `undefined`, so that checks see it. What is deeply frozen already is taken as it is, so that changing one thing of a
 * large network copies little.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is nested too deeply, as data is that holds itself, when it
 *   holds symbols or functions, and when reading a property throws
 */
export const frozenCopy = <T>(value: T): T => readable('a document', () => copyAt(value, 0));

function copyAt<T>(value: T, depth: number): T {
  if (typeof value === 'symbol' || typeof value === 'function')
    throw new LibvirtError('INVALID_ARGUMENT', `a document cannot hold a ${typeof value}`, { hint: 'pass plain data' });
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH)
    throw new LibvirtError('INVALID_ARGUMENT', 'the document is nested too deeply, or a part of it holds itself');
  const copy: unknown = Array.isArray(value) ? copyOfList(value, depth) : copyOfObject(value, depth);
  return Object.freeze(copy) as T; // a copy has the type of what it was copied from
}

function copyOfList(list: readonly unknown[], depth: number): readonly unknown[] {
  // Array.from visits holes, which map leaves as they are.
  const items = Array.from(list, (item) => copyAt(item, depth + 1));
  return Object.isFrozen(list) && items.every((item, i) => item === list[i] && i in list) ? list : items;
}

function copyOfObject(value: object, depth: number): object {
  const copy: Record<string, unknown> = Object.getPrototypeOf(value) === null ? Object.create(null) : {};
  let isSame = Object.isFrozen(value);
  for (const [key, item] of Object.entries(value)) {
    const kept = item === undefined ? undefined : copyAt(item, depth + 1);
    if (kept !== undefined) setOwn(copy, key, kept);
    if (kept === undefined || kept !== item) isSame = false;
  }
  return isSame ? value : copy;
}

/** Sets a property, also the one that JSON may call `__proto__`. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
}
