import { onAbort } from '../async/abort.js';
import { type LibvirtError, TransportError } from '../errors/index.js';
import { REMEDIES } from '../errors/remedies.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { EventQueue } from './event-queue.js';
import { describeFailure, type Subject } from './libvirt-error.js';
import type { EventOptions, NetworkEvent } from './operations.js';

/** The options of a stream of events. */
export const EVENT_OPTIONS: OptionNames<EventOptions> = {
  signal: true,
  buffer: true,
  metadata: true,
  reconnect: true,
  onListening: true,
};

/**
 * Brings events into a queue until the signal says stop, and resolves when everything that it started is gone.
 * What it throws ends the stream.
 */
export type Feed = (queue: EventQueue, signal: AbortSignal) => Promise<void>;

/**
 * The stream of events of a transport: it starts with the first `next()`, and what the feed has started is gone when
 * the reader stops, for whatever reason. For transports.
 *
 * @param label - names the daemon in messages
 * @param options - the reader's
 * @param closed - aborts when the transport is closed
 * @param feed - where the events come from
 */
export function eventStream(
  label: string,
  options: EventOptions,
  closed: AbortSignal,
  feed: Feed,
): AsyncIterable<NetworkEvent> {
  const known = optionsOf(options, EVENT_OPTIONS, 'events');
  return {
    [Symbol.asyncIterator]: () => new EventReader({ operation: 'network.events', label }, known, closed, feed),
  };
}

class EventReader implements AsyncIterableIterator<NetworkEvent> {
  readonly #queue: EventQueue;
  readonly #stop = new AbortController();
  readonly #start: () => Promise<void>;
  readonly #release: () => void;
  #feeding: Promise<void> | undefined;

  constructor(subject: Subject, { signal, buffer }: EventOptions, closed: AbortSignal, feed: Feed) {
    this.#queue = new EventQueue(buffer);
    this.#start = () => feed(this.#queue, this.#stop.signal);
    const undo = [
      ...(signal === undefined ? [] : [onAbort(signal, () => this.#end(signal.reason))]),
      onAbort(closed, () => this.#end(closedError(subject))),
    ];
    this.#release = () => {
      for (const one of undo) one();
    };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<NetworkEvent, undefined>> {
    this.#feeding ??= this.#feed();
    try {
      const value = await this.#queue.next();
      if (value !== undefined) return { done: false, value };
    } catch (error) {
      await this.#finish();
      throw error;
    }
    return this.return();
  }

  async return(): Promise<IteratorResult<NetworkEvent, undefined>> {
    this.#queue.abort();
    await this.#finish();
    return { done: true, value: undefined };
  }

  async #feed(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    try {
      await this.#start();
      this.#queue.end();
    } catch (error) {
      this.#queue.end(error);
    }
  }

  #end(error: unknown): void {
    this.#queue.abort(error);
    this.#stop.abort();
  }

  async #finish(): Promise<void> {
    this.#release();
    this.#stop.abort();
    await this.#feeding;
  }
}

const closedError = (subject: Subject): LibvirtError =>
  new TransportError('CLOSED', `${describeFailure(subject)}: the connection was closed`, {
    hint: REMEDIES.CLOSED,
    operation: subject.operation,
  });
