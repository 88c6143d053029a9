import { onAbort } from '../async/abort.js';
import { type EventQueue, gapAt } from '../transport/event-queue.js';
import { eventStream, type Feed } from '../transport/event-stream.js';
import type { EventOptions, NetworkEvent } from '../transport/operations.js';

/** A listener. */
interface Listener {
  readonly queue: EventQueue;
  readonly options: EventOptions;
  /** Ends its stream with an error. */
  readonly fail: (error: Error) => void;
}

/** Hands every event to everyone who listens. */
export class EventHub {
  readonly #now: () => Date;
  readonly #listeners = new Set<Listener>();
  #lost: Error | undefined;

  constructor(now: () => Date) {
    this.#now = now;
  }

  announce(type: NetworkEvent['type'], network: string): void {
    if (this.#lost !== undefined) return;
    for (const { queue, options } of this.#listeners)
      if (type !== 'metadata-changed' || options.metadata === true) queue.push({ type, network, at: this.#now() });
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
      queue.push(gapAt(this.#now()));
      tell(options);
    }
  }

  /**
   * Streams announcements from the first read on.
   *
   * @param refused - the reason why there are no events
   */
  stream(
    label: string,
    options: EventOptions,
    closed: AbortSignal,
    refused: Error | undefined,
  ): AsyncIterable<NetworkEvent> {
    const feed: Feed = (queue, signal) =>
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
        if (error === undefined) tell(options);
      });
    return eventStream(label, options, closed, feed);
  }
}

function tell({ onListening }: EventOptions): void {
  if (onListening !== undefined) queueMicrotask(onListening);
}
