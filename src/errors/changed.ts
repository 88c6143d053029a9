/** Reasons of aborts that came while a change was under way; the reason is the caller's and is left as it is. */
const uncertain = /* @__PURE__ */ new WeakSet<object>();

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Remembers that an abort came while a change was under way. For transports: they throw the signal's own reason,
 * which cannot say so itself.
 *
 * @param reason - the signal's reason
 */
export function noteUncertain(reason: unknown): void {
  if (isObject(reason)) uncertain.add(reason);
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
  return uncertain.has(error) || ('mayHaveChanged' in error && error.mayHaveChanged === true);
}
