import { onAbort } from '../async/abort.js';
import { type LibvirtError, TransportError } from '../errors/index.js';
import { REMEDIES } from '../errors/remedies.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { checkSignal } from '../options/values.js';
import { type BoundedQueue, EventQueue, type StreamEvent } from './event-queue.js';
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

/** A {@link Feed} of any events. */
export type FeedOf<E extends StreamEvent> = (queue: BoundedQueue<E>, signal: AbortSignal) => Promise<void>;

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
  const { signal, buffer } = optionsOf(options, EVENT_OPTIONS, 'events');
  const subject: Subject = { operation: 'network.events', label };
  return {
    [Symbol.asyncIterator]: () => new EventReader(new EventQueue(buffer), feed, { subject, signal, closed }),
  };
}

/** What a stream is of, and what ends it. */
export interface StreamLimits {
  readonly subject: Subject;
  /** The reader's. */
  readonly signal: AbortSignal | undefined;
  /** Aborts when the transport is closed. */
  readonly closed: AbortSignal;
}

/** Reads a queue, which it has filled from the first `next()` on. */
export class EventReader<E extends StreamEvent> implements AsyncIterableIterator<E> {
  readonly #queue: BoundedQueue<E>;
  readonly #stop = new AbortController();
  readonly #start: () => Promise<void>;
  readonly #release: () => void;
  #feeding: Promise<void> | undefined;

  /** @throws `LibvirtError` code `INVALID_ARGUMENT` for what is not a signal */
  constructor(queue: BoundedQueue<E>, feed: FeedOf<E>, { subject, signal, closed }: StreamLimits) {
    checkSignal(signal);
    this.#queue = queue;
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

  async next(): Promise<IteratorResult<E, undefined>> {
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

  async return(): Promise<IteratorResult<E, undefined>> {
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
