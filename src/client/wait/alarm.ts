import type { NetworkRef } from '../network-ref.js';

/** Tells when a network changes, over a transport whose events are cheap; over others it stays silent. */
export class Alarm {
  readonly #live: NetworkRef;
  readonly #stop = new AbortController();
  #ring = (): void => {};
  #listening: Promise<void> | undefined;

  constructor(live: NetworkRef) {
    this.#live = live;
  }

  /** Returns a promise that resolves when the network changes from now on. It takes the place of the one before. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#ring = resolve;
    });
  }

  /** Begins to listen, unless that has begun already, and rings once then: what happened before was not heard. */
  listen(): void {
    if (this.#live.transport.hasCheapEvents === true) this.#listening ??= this.#hear();
  }

  /** Stops listening, and waits until nothing is left of it. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  /** Hears the events. Where they fail the wait goes on with its looks. */
  async #hear(): Promise<void> {
    const { transport, name } = this.#live;
    const onListening = () => this.#ring();
    try {
      for await (const { type, network } of transport.events({
        signal: this.#stop.signal,
        reconnect: true,
        onListening,
      }))
        if (type === 'gap' || network === name) this.#ring();
    } catch {
      // The abort that ends it, or the transport's failure, which the next look meets as well.
    }
    // So that a look follows at once: the transport may be closed.
    this.#ring();
  }
}
