import { LibvirtError } from '../errors/index.js';
import { kindOfValue } from '../options/kind-of-value.js';
import { shown } from '../options/shown.js';

/** Words that cannot name a constant of a module, and names that TypeScript keeps for itself. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false',
    'finally for function if implements import in instanceof interface let new null package private protected public return',
    'static super switch this throw true try typeof undefined var void while with yield',
    'exports globalThis module require',
  ].flatMap((line) => line.split(' ')),
);

const isIdentifier = (text: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);

/**
 * Returns a name for a constant, made from the name of a thing: `my-lab` gives `myLab`.
 *
 * @param name - of the thing, any text
 * @param kind - what it is, for names that cannot be those of constants: `default` gives `defaultNetwork`
 */
export function identifierFor(name: string, kind: string): string {
  const [first = '', ...others] = name.match(/[\p{L}\p{Nd}]+/gu) ?? [];
  const joined = lowerFirst(first) + others.map(upperFirst).join('');
  if (joined === '') return kind;
  if (!isIdentifier(joined)) return kind + upperFirst(joined);
  return RESERVED.has(joined) ? joined + upperFirst(kind) : joined;
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** A word in capitals is lowered as a whole: `LAN` gives `lan`. */
const lowerFirst = (word: string): string =>
  /^[^\p{Ll}]+$/u.test(word) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1);

/**
 * Refuses what cannot be the name of a constant.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function expectIdentifier(given: unknown, taken: ReadonlySet<string>): asserts given is string {
  if (typeof given !== 'string')
    throw invalid(`toSource needs the name of a constant as text, not ${kindOfValue(given)}`);
  if (!isIdentifier(given) || RESERVED.has(given))
    throw invalid(`'${shown(given)}' cannot be the name of a constant in TypeScript`);
  if (taken.has(given)) throw invalid(`'${given}' is the name of a class that the source imports`);
}

const invalid = (message: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', message, { hint: "use letters, digits, '_' and '$': myLab" });

/** Returns a name that is not taken: with the lowest number after it that makes it so. */
export function unused(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2, free = name; ; number++) {
    if (!taken.has(free)) return free;
    free = `${name}${number}`;
  }
}
