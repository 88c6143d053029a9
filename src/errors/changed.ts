/** Where all copies of this library find the same set. */
const UNCERTAIN = Symbol.for('libvirt-network.uncertain');

/** Reasons of aborts that came while a change was under way; the reason is the caller's and is left as it is. */
function uncertain(): WeakSet<object> {
  const known: unknown = Reflect.get(globalThis, UNCERTAIN);
  if (known instanceof WeakSet) return known;
  const made = new WeakSet<object>();
  Object.defineProperty(globalThis, UNCERTAIN, { value: made });
  return made;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Remembers that an abort came while a change was under way. For transports: they throw the signal's own reason,
 * which cannot say so itself.
 *
 * @param reason - the signal's reason
 */
export function noteUncertain(reason: unknown): void {
  if (isObject(reason)) uncertain().add(reason);
}

/**
 * Tells whether a call that threw may still have changed the host: after a timeout, a lost connection, or an abort
 * while the change was under way. Read the state before trying again.
 *
 * @param error - what a call threw; an abort's own reason too
 * @returns always true for reasons that are not objects, because nothing is known of them
 */
export function mayHaveChanged(error: unknown): boolean {
  if (!isObject(error)) return true;
  return uncertain().has(error) || ('mayHaveChanged' in error && error.mayHaveChanged === true);
}
