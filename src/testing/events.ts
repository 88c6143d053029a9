import type { EventOptions, NetworkEvent } from '../client/operations.js';

type Listener = { push(event: NetworkEvent): void; end(): void };

/** Hands every event to every reader. */
export class EventHub {
  readonly #now: () => Date;
  readonly #listeners = new Set<Listener>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  announce(type: NetworkEvent['type'], network: string): void {
    for (const listener of this.#listeners) listener.push({ type, network, at: this.#now() });
  }

  end(): void {
    for (const listener of this.#listeners) listener.end();
  }

  /** Listens from the call on, not only from the first look. */
  stream({ signal, buffer = 1000 }: EventOptions): AsyncIterableIterator<NetworkEvent> {
    const queue: NetworkEvent[] = [];
    let ended = false;
    let wake: (() => void) | undefined;
    const listener: Listener = {
      push: (event) => {
        if (queue.length >= buffer)
          queue.splice(0, queue[0]?.type === 'gap' ? 2 : 1, { type: 'gap', network: '', at: event.at });
        queue.push(event);
        wake?.();
      },
      end: () => {
        ended = true;
        wake?.();
      },
    };
    const stop = () => {
      this.#listeners.delete(listener);
      listener.end();
    };
    this.#listeners.add(listener);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    const next = async (): Promise<IteratorResult<NetworkEvent>> => {
      while (queue.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const event = queue.shift();
      if (event !== undefined) return { value: event, done: false };
      signal?.throwIfAborted();
      return { value: undefined, done: true };
    };
    const finish = async (): Promise<IteratorResult<NetworkEvent>> => {
      stop();
      return { value: undefined, done: true };
    };
    return {
      next,
      return: finish,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
