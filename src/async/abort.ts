interface Hub {
  readonly callbacks: Set<() => void>;
  readonly fire: () => void;
}

/** Keeps one listener per signal, however many calls share it: runtimes report many listeners as a leak. */
const hubs = /* @__PURE__ */ new WeakMap<AbortSignal, Hub>();

function hubOf(signal: AbortSignal): Hub {
  const known = hubs.get(signal);
  if (known !== undefined) return known;
  const callbacks = new Set<() => void>();
  const fire = () => {
    for (const callback of callbacks) callback();
  };
  const hub = { callbacks, fire };
  signal.addEventListener('abort', fire, { once: true });
  hubs.set(signal, hub);
  return hub;
}

/**
 * Calls back when a signal aborts, or at once when it has.
 * @returns a function that removes the callback
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback();
    return () => {};
  }
  const { callbacks, fire } = hubOf(signal);
  // Each call has an entry of its own, also when two bring the same function.
  const entry = () => callback();
  callbacks.add(entry);
  return () => {
    callbacks.delete(entry);
    if (callbacks.size > 0) return;
    signal.removeEventListener('abort', fire);
    hubs.delete(signal);
  };
}

/** Resolves like the promise, unless the signal aborts first: then it throws the signal's reason. */
export async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let undo = () => {};
  const aborted = new Promise<never>((_, reject) => {
    undo = onAbort(signal, () => reject(signal.reason));
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    undo();
  }
}
