import { LibvirtError } from '../errors/index.js';
import { kindOfValue } from './kind-of-value.js';

type NamesIn<T> = T extends unknown ? keyof T : never;

/** The names of the properties of an options object. The compiler keeps such a table complete. */
export type OptionNames<T> = { readonly [K in NamesIn<T>]-?: true };

/**
 * Returns a copy of an options object, each property read once. It refuses an unknown property: a misspelled `from` of
 * a port forward would open the port to all addresses.
 *
 * @param given - the caller's object; the compiler checks literals only
 * @param names - the properties that the call knows
 * @param call - such as `forwardPort`
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for what is not an object, for an unknown property, and when
 *   reading a property throws
 */
export function optionsOf<T extends object>(given: T, names: OptionNames<T>, call: string): T {
  return readable(call, () => {
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw invalid(`${call} needs an object, not ${kindOfValue(given)}`, `see the parameters of ${call}`);
    const unknown = namesOf(given).find((name) => !Object.hasOwn(names, name));
    if (unknown !== undefined)
      throw invalid(`${call} has no option '${String(unknown)}'`, `its options are: ${Object.keys(names).join(', ')}`);
    const known: Record<string, unknown> = {};
    for (const name in names) if (name in given) known[name] = Reflect.get(given, name);
    return known as T; // has nothing but properties of T, read from one
  });
}

/** Returns the options of a narrower call out of those of a wider one, whose names were checked. */
export function partOf<T extends object>(options: T, names: OptionNames<T>): T {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(names, name))) as T; // no name is required in a part
}

/** The properties of an object: inherited ones too, as `Object.create(defaults)` has them, but not a class's methods. */
function namesOf(given: object): readonly (string | symbol)[] {
  const names: (string | symbol)[] = Object.getOwnPropertySymbols(given);
  for (const name in given) names.push(name);
  return names;
}

/** Calls what reads a value of the caller; an accessor of it may throw anything. */
export function readable<T>(call: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (LibvirtError.is(cause)) throw cause;
    throw invalid(`cannot read an argument of ${call}`, 'pass plain objects and arrays', cause);
  }
}

const invalid = (message: string, hint: string, cause?: unknown): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', message, { hint, cause });
