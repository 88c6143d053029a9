import { orAbort } from '../async/abort.js';
import { type CallOptions, deadline, type RemainingTime } from '../async/deadline.js';
import type { Subject } from '../transport/libvirt-error.js';
import { within } from '../transport/with-deadline.js';

/** A call on a network. */
export interface CallOnNetwork extends Pick<Subject, 'operation'> {
  readonly network: string;
}

/** Runs one call at a time on each network; calls on different networks do not wait for each other. */
export class NetworkMutex {
  readonly #last = new Map<string, Promise<void>>();
  readonly #label: string;

  /** @param label - names the daemon, without secrets */
  constructor(label: string) {
    this.#label = label;
  }

  /**
   * Does work when the calls before it on the same network are done, however they ended, all in the time of one call.
   *
   * @throws the signal's reason or {@link TransportError} code `TIMEOUT` while it waits for its turn, else what the work throws
   */
  async inTurn<T>(
    { operation, network }: CallOnNetwork,
    options: CallOptions,
    work: (remaining: RemainingTime) => Promise<T>,
  ): Promise<T> {
    const remaining = deadline(options);
    const before = this.#last.get(network);
    const { promise, resolve } = withResolvers();
    // Whoever gives up waiting leaves the line in order.
    const mine = Promise.all([before, promise]).then(() => {
      if (this.#last.get(network) === mine) this.#last.delete(network);
    });
    this.#last.set(network, mine);
    try {
      const subject = { operation, network, label: this.#label };
      if (before !== undefined) await within(subject, remaining(), ({ signal }) => orAbort(before, signal));
      return await work(remaining);
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
