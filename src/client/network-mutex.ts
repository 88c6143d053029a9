import { orAbort } from '../async/abort.js';
import type { CallOptions } from '../async/deadline.js';
import type { Subject } from '../transport/libvirt-error.js';
import { within } from '../transport/with-deadline.js';

/** Runs one call at a time on each network; calls on different networks do not wait for each other. */
export class NetworkMutex {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Does work when the calls before it on the same network are done, however they ended.
   *
   * @throws the signal's reason or {@link TransportError} code `TIMEOUT` while it waits for its turn, else what the work throws
   */
  async run<T>(name: string, subject: Subject, options: CallOptions, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const { promise, resolve } = withResolvers();
    // Whoever gives up waiting leaves the line in order.
    const mine = Promise.all([before, promise]).then(() => {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    });
    this.#last.set(name, mine);
    try {
      if (before !== undefined) await within(subject, options, ({ signal }) => orAbort(before, signal));
      return await work();
    } finally {
      resolve();
    }
  }
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
