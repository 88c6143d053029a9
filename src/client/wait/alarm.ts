import type { ReconnectOptions } from '../../transport/reconnect.js';

/** Options of a stream that an alarm listens to. */
type ListenOptions = ReconnectOptions & { readonly signal: AbortSignal };

/** Events, and which of them ring. */
export interface AlarmSource<E> {
  /** Absent where events are not cheap: the alarm stays silent then. */
  readonly events: ((options: ListenOptions) => AsyncIterable<E>) | undefined;
  readonly rings: (event: E) => boolean;
}

/** Tells when something changes, over a transport whose events are cheap; over others it stays silent. */
export class Alarm<E> {
  readonly #source: AlarmSource<E>;
  readonly #stop = new AbortController();
  #ring = (): void => {};
  #listening: Promise<void> | undefined;

  constructor(source: AlarmSource<E>) {
    this.#source = source;
  }

  /** Returns a promise that resolves when something changes from now on. It takes the place of the one before. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#ring = resolve;
    });
  }

  /** Begins to listen, unless that has begun already, and rings once then: what happened before was not heard. */
  listen(): void {
    const { events } = this.#source;
    if (events !== undefined) this.#listening ??= this.#hear(events);
  }

  /** Stops listening, and waits until nothing is left of it. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }

  /** Hears the events. Where they fail the wait goes on with its looks. */
  async #hear(events: (options: ListenOptions) => AsyncIterable<E>): Promise<void> {
    const onListening = () => this.#ring();
    try {
      for await (const event of events({ signal: this.#stop.signal, reconnect: true, onListening }))
        if (this.#source.rings(event)) this.#ring();
    } catch {
      // The abort that ends it, or the transport's failure, which the next look meets as well.
    }
    // So that a look follows at once: the transport may be closed.
    this.#ring();
  }
}
