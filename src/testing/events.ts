import { onAbort } from '../async/abort.js';
import type { BoundedQueue, StreamEvent } from '../transport/event-queue.js';
import type { FeedOf } from '../transport/event-stream.js';
import { type ReconnectOptions, tellListening } from '../transport/reconnect.js';

/** A listener. */
interface Listener<E extends StreamEvent, O> {
  readonly queue: BoundedQueue<E>;
  readonly options: O;
  /** Ends its stream with an error. */
  readonly fail: (error: Error) => void;
}

/** Hands every event to everyone who listens. */
export class EventHub<E extends StreamEvent, O extends ReconnectOptions> {
  readonly #now: () => Date;
  readonly #wants: (event: E, options: O) => boolean;
  readonly #listeners = new Set<Listener<E, O>>();
  #lost: Error | undefined;

  /** @param wants - tells whether a reader wants an event */
  constructor(now: () => Date, wants: (event: E, options: O) => boolean) {
    this.#now = now;
    this.#wants = wants;
  }

  announce(eventAt: (at: Date) => E): void {
    if (this.#lost !== undefined) return;
    const event = eventAt(this.#now());
    for (const { queue, options } of this.#listeners) if (this.#wants(event, options)) queue.push(event);
  }

  /** The connection is lost: streams throw, but for those that wait for its return. */
  lose(error: Error): void {
    this.#lost = error;
    for (const { options, fail } of this.#listeners) if (options.reconnect !== true) fail(error);
  }

  /** The connection is there again, and what happened in between was missed. */
  reconnect(): void {
    if (this.#lost === undefined) return;
    this.#lost = undefined;
    for (const { queue, options } of this.#listeners) {
      queue.miss(this.#now());
      tellListening(queue, options.onListening);
    }
  }

  /**
   * Feeds a stream with announcements.
   *
   * @param refused - the reason why there are no events
   */
  feed(options: O, refused?: Error): FeedOf<E> {
    return (queue, signal) =>
      new Promise((resolve, reject) => {
        const error = refused ?? this.#lost;
        const waits = refused === undefined && options.reconnect === true;
        if (error !== undefined && !waits) return reject(error);
        const listener = { queue, options, fail: reject };
        this.#listeners.add(listener);
        onAbort(signal, () => {
          this.#listeners.delete(listener);
          resolve();
        });
        if (error === undefined) tellListening(queue, options.onListening);
      });
  }
}
