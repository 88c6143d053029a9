import { LibvirtError } from '../errors/index.js';
import { kindOfValue } from '../options/kind-of-value.js';

/**
 * Throws unless an argument is an object. The compiler rejects such calls; plain JavaScript gets an error here instead of a failure somewhere inside.
 *
 * @param call - such as `NatNetwork.from`
 */
export function expectObject(value: unknown, call: string): asserts value is object {
  if (typeof value === 'object' && value !== null) return;
  throw unfit(value, 'an object', call);
}

/** Throws unless an argument is text. `what` says which one: `the name of the device`. */
export function expectText(value: unknown, call: string, what?: string): asserts value is string {
  if (typeof value !== 'string') throw unfit(value, what === undefined ? 'a text' : `${what} as text`, call);
}

/** Throws unless an argument is a number. */
export function expectNumber(value: unknown, call: string, what: string): asserts value is number {
  if (typeof value !== 'number') throw unfit(value, `${what} as a number`, call);
}

/** Throws unless an argument is a list of texts. */
export function expectTexts(value: unknown, call: string, what: string): asserts value is readonly string[] {
  if (!Array.isArray(value)) throw unfit(value, `a list of ${what}`, call);
  const other = value.findIndex((one) => typeof one !== 'string');
  if (other !== -1) throw unfit(value[other], `each of the ${what} as text (item ${other})`, call);
}

/** Refuses an argument that cannot be called. */
export function expectFunction(value: unknown, call: string): void {
  if (typeof value !== 'function') throw unfit(value, 'a function', call);
}

const unfit = (value: unknown, needed: string, call: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `${call} needs ${needed}, not ${kindOfValue(value)}`, {
    hint: `see the parameters of ${call}`,
  });

/** The items of a list that may be missing, or no list at all where a document came from elsewhere. */
export const itemsOf = <T>(list: readonly T[] | undefined): readonly T[] => (Array.isArray(list) ? list : []);

/** Returns the list with an item in place of the one that it replaces, or after the others. */
export function putItem<T>(list: readonly T[] | undefined, item: T, isSame: (other: T) => boolean): readonly T[] {
  const items = itemsOf(list);
  const at = items.findIndex(isSame);
  return at === -1 ? [...items, item] : items.with(at, item);
}
