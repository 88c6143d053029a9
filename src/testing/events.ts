import type { EventQueue } from '../client/event-queue.js';
import { eventStream, type Feed } from '../client/event-stream.js';
import type { EventOptions, NetworkEvent } from '../client/operations.js';

/** Hands every event to every reader. */
export class EventHub {
  readonly #now: () => Date;
  readonly #queues = new Set<EventQueue>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  announce(type: NetworkEvent['type'], network: string): void {
    for (const queue of this.#queues) queue.push({ type, network, at: this.#now() });
  }

  /** What is announced from the first look on. */
  stream(label: string, options: EventOptions, closed: AbortSignal): AsyncIterable<NetworkEvent> {
    const feed: Feed = (queue, signal) => {
      this.#queues.add(queue);
      if (options.onListening !== undefined) queueMicrotask(options.onListening);
      return new Promise((resolve) => {
        const stop = () => {
          this.#queues.delete(queue);
          resolve();
        };
        signal.addEventListener('abort', stop, { once: true });
      });
    };
    return eventStream(label, options, closed, feed);
  }
}
