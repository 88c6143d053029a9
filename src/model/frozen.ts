import { LibvirtError } from '../errors/index.js';
import { readable } from '../options/options.js';
import { isRecord, listOf } from '../schema/values.js';
import { namesOf } from '../xml/names-of.js';

/** Room for the deepest text that the XML reader takes; a list stands between an element and those in it. */
const MAX_DEPTH = 1024;

/** Lists from this length on are remembered as frozen; shorter ones are looked through as quickly. */
const LONG_LIST = 16;

/** Documents and long lists that are deeply frozen, so that a change of one thing need not look through all others. */
const known = /* @__PURE__ */ new WeakSet<object>();

/**
 * Returns a deeply frozen copy of plain data, without properties that are `undefined`, and without the `$schema` that editors write
 * at the head of a document; a hole of a list becomes an item that is
 * `undefined`, so that checks see it. What is deeply frozen already is taken as it is, so that changing one thing of a
 * large network copies little.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is nested too deeply, as data is that holds itself, when it
 *   holds symbols or functions, and when reading a property throws
 */
export const frozenCopy = <T>(value: T): T => remembered(readable('a document', () => copyAt(value, 0)));

/**
 * Freezes plain data that nobody else holds, all the way down: what a reader has just made needs no copy.
 *
 * @param value - has no holes, no `undefined`, no getters and no cycle
 */
export function freezeOwn<T>(value: T): T {
  freezeAt(value);
  return remembered(value);
}

function remembered<T>(value: T): T {
  if (typeof value === 'object' && value !== null) known.add(value);
  return value;
}

function freezeAt(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  if (isRecord(value)) for (const name of namesOf(value)) freezeAt(value[name]);
  else for (const item of listOf(value)) freezeAt(item);
  if (sizeOf(value) >= LONG_LIST) known.add(value);
}

const sizeOf = (value: object): number => (Array.isArray(value) ? value.length : namesOf(value).length);

function copyAt<T>(value: T, depth: number): T {
  if (typeof value === 'symbol' || typeof value === 'function')
    throw new LibvirtError('INVALID_ARGUMENT', `a document cannot hold a ${typeof value}`, { hint: 'pass plain data' });
  if (typeof value !== 'object' || value === null || known.has(value)) return value;
  if (depth > MAX_DEPTH)
    throw new LibvirtError('INVALID_ARGUMENT', 'the document is nested too deeply, or a part of it holds itself', {
      hint: 'pass plain data that JSON can hold',
    });
  const copy: unknown = Array.isArray(value) ? copyOfList(value, depth) : copyOfObject(value, depth);
  return Object.freeze(copy) as T; // a copy has the type of what it was copied from
}

function copyOfList(list: readonly unknown[], depth: number): readonly unknown[] {
  // Array.from visits holes, which map leaves as they are.
  const items = Array.from(list, (item) => copyAt(item, depth + 1));
  const isSame = isPlainFrozen(list) && items.every((item, i) => item === list[i] && i in list);
  const kept = isSame ? list : items;
  if (kept.length >= LONG_LIST) known.add(kept);
  return kept;
}

/** What somebody else has frozen may still change, by getters or by what it inherits. */
function isPlainFrozen(value: object): boolean {
  const names = Object.keys(value);
  return (
    Object.isFrozen(value) &&
    [null, Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)) &&
    Reflect.ownKeys(value).length === (Array.isArray(value) ? value.length + 1 : names.length) &&
    names.every((name) => !Object.getOwnPropertyDescriptor(value, name)?.get)
  );
}

function copyOfObject(value: object, depth: number): object {
  const copy: Record<string, unknown> = Object.getPrototypeOf(value) === null ? Object.create(null) : {};
  let isSame = isPlainFrozen(value);
  for (const [key, item] of Object.entries(value)) {
    const isLeftOut = item === undefined || (depth === 0 && key === '$schema');
    const kept = isLeftOut ? undefined : copyAt(item, depth + 1);
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
