import { LibvirtError } from '../../errors/index.js';
import { sameValue } from '../../model/diff.js';
import { type Chain, continued, type Draft } from '../recorded.js';

/** A value with a document, whose properties can be replaced. */
export interface Documented<D extends object> {
  readonly document: D;
  with(patch: object): this;
}

/** A call of a method on a value. */
export type Step<T> = (value: T) => T;

/** A property of a document, and the calls that a person would make for it. None: there is no method for it. */
export interface Part<T, D> {
  readonly key: keyof D & string;
  steps(document: D): readonly Step<T>[];
}

/** Declares a part; its calls come from the value of the property, which is there. */
export const part = <T, D extends object, const K extends keyof D & string>(
  key: K,
  steps: (value: NonNullable<D[K]>, document: D) => readonly Step<T>[],
): Part<T, D> => ({
  key,
  steps: (document) => {
    const value = document[key];
    return value === undefined || value === null ? [] : steps(value, document);
  },
});

/** From so many items on, a list is written as data. */
const LONG_LIST = 1000;

/** A call for each item of a list. */
export const each = <I, T>(items: readonly I[] | undefined, step: (item: I) => Step<T>): readonly Step<T>[] =>
  (items ?? []).map(step);

/**
 * Adds to a draft what it lacks of a document: by calls where they give exactly what the document has, as data where not.
 *
 * @param draft - the value as it was begun
 * @param parts - in the order in which a person would write them
 */
export function completed<T extends Documented<D>, D extends object>(
  draft: Draft<T>,
  wanted: D,
  parts: readonly Part<T, D>[],
): Draft<T> {
  const built = parts.reduce((sofar, one) => withPart(sofar, one, wanted), draft);
  const rest = patchFor(built.value.document, wanted);
  return Object.keys(rest).length === 0 ? built : continued(built, (value) => value.with(rest));
}

function withPart<T extends Documented<D>, D extends object>(draft: Draft<T>, part: Part<T, D>, wanted: D): Draft<T> {
  const { document } = draft.value;
  if (sameValue(document[part.key], wanted[part.key])) return draft;
  const steps = part.steps(wanted);
  if (steps.length === 0 || steps.length > LONG_LIST) return draft;
  const tried = attempt(() => steps.reduce(continued, draft));
  const isExact = tried !== undefined && sameValue(tried.value.document, { ...document, [part.key]: wanted[part.key] });
  return isExact ? tried : draft;
}

/**
 * Returns the calls that make exactly a document, or the one call that takes it as data.
 *
 * @param root - the class whose `from` takes the document
 * @param make - the calls; nothing where data reads better
 */
export function exactChain<D extends object>(
  document: D,
  root: string,
  make: () => Draft<Documented<D>> | undefined,
): Chain {
  const draft = attempt(make);
  if (draft !== undefined && sameValue(draft.value.document, document)) return draft.chain;
  return { root, calls: [{ method: 'from', args: [document] }] };
}

/** What a function returns; nothing where a method refuses its argument. */
export function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (LibvirtError.is(error)) return undefined;
    throw error;
  }
}

/** The properties in which a document differs from another; `undefined` for those that the other lacks. */
function patchFor<D extends object>(document: D, wanted: D): object {
  const keys = Object.keys({ ...wanted, ...document });
  const valueIn = (of: D, key: string): unknown => Reflect.get(of, key);
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = valueIn(wanted, key);
      return sameValue(valueIn(document, key), value) ? [] : [[key, value]];
    }),
  );
}

/** A value unless it has no properties: an options argument that says nothing is left out. */
export const unlessEmpty = <T extends object>(options: T): T | undefined =>
  Object.keys(options).length === 0 ? undefined : options;

/** The only property of an object, unless it has others. */
export function only<T extends object, K extends keyof T & string>(value: T | undefined, key: K): T[K] | undefined {
  return value !== undefined && Object.keys(value).join() === key ? value[key] : undefined;
}
