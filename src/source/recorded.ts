/** A call of a method with its arguments. A function among them is called with a recorder of its own. */
export interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** Calls of methods, one after the other, that begin with a class or with the parameter of a function. */
export interface Chain {
  readonly root: string;
  readonly calls: readonly Call[];
}

/** A value together with the calls that make it. */
export interface Draft<T> {
  readonly value: T;
  readonly chain: Chain;
}

/**
 * Returns the calls of methods that a function makes, without running the methods.
 *
 * @param step - calls methods, each on what the one before returned
 */
export function callsOf<T extends object>(step: (value: T) => unknown): readonly Call[] {
  const calls: Call[] = [];
  const record =
    (method: string | symbol) =>
    (...args: readonly unknown[]): T => {
      calls.push({ method: String(method), args: withoutDefaults(args) });
      return recorder;
    };
  // Stands in for any value: it has every method, and each returns the recorder.
  const recorder = new Proxy({}, { get: (_, method) => record(method) }) as T;
  step(recorder);
  return calls;
}

/** An argument that is `undefined` says the same as none where no other comes after it. */
const withoutDefaults = (args: readonly unknown[]): readonly unknown[] =>
  args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);

/**
 * Begins a draft with a static method of a class.
 *
 * @param name - of the class, as its package exports it
 */
export const begun = <C extends object, T>(name: string, Class: C, create: (Class: C) => T): Draft<T> => ({
  value: create(Class),
  chain: { root: name, calls: callsOf(create) },
});

/** Goes on with a draft by calls of methods. */
export const continued = <T extends object>({ value, chain }: Draft<T>, step: (value: T) => T): Draft<T> => ({
  value: step(value),
  chain: { root: chain.root, calls: [...chain.calls, ...callsOf(step)] },
});
