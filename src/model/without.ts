import { LibvirtError } from '../errors/index.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { readAddress } from '../schema/address.js';
import { compact } from '../schema/values.js';
import { itemsOf } from './argument.js';

/** The items that are not meant; nothing when none is left, as a list that was never begun. */
export function itemsWithout<T>(
  list: readonly T[] | undefined,
  isMeant: (item: T) => boolean,
): readonly T[] | undefined {
  const left = itemsOf(list).filter((item) => item === null || item === undefined || !isMeant(item));
  return left.length === 0 ? undefined : left;
}

/** An object with one property replaced or taken away; nothing when it has none left. */
export function objectWith<T extends object, K extends keyof T>(
  object: T | undefined,
  key: K,
  value: T[K] | undefined,
): T | undefined {
  const whole = compact({ ...object, [key]: value });
  return Object.keys(whole).length === 0 ? undefined : (whole as T); // a property less than before, or the same ones
}

/** Tells whether two texts name one address, in whatever spelling. */
export const isSameAddress = (a: string, b: string): boolean =>
  a === b || (readAddress(a)?.text ?? a) === (readAddress(b)?.text ?? b);

/**
 * Returns a test for items that have all given properties.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when none is given, which would mean all items
 */
export function havingAll<T extends object>(
  part: Partial<T>,
  names: OptionNames<Partial<T>>,
  call: string,
): (item: T) => boolean {
  const wanted = Object.entries(optionsOf(part, names, call)).filter(([, value]) => value !== undefined);
  if (wanted.length === 0)
    throw new LibvirtError('INVALID_ARGUMENT', `${call} needs at least one property of what it removes`);
  return (item) => wanted.every(([key, value]) => Reflect.get(item, key) === value);
}
