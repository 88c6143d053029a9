import { wholeNumber } from '../options/values.js';
import type { NetworkEvent } from './operations.js';

const DEFAULT_SIZE = 1000;

/** A mark for events that may be missing, on its way to the reader. */
interface PendingGap {
  readonly at: Date;
  /** Queued events that the reader gets before it; Infinity for all that come until the reader has caught up. */
  readonly after: number;
}

/** What the events of all streams have in common: networks and guests have events of their own. */
export interface StreamEvent {
  readonly type: string;
  readonly at: Date;
}

/**
 * Events on their way to a reader, with an upper limit: the oldest of those that do not fit are dropped. One `gap`
 * stands for everything that was dropped until the reader has caught up: it comes after the last event that was kept, so
 * that a state that is read then is newer than all of them.
 */
export class BoundedQueue<E extends StreamEvent> {
  readonly #size: number;
  readonly #gapAt: (at: Date) => E;
  readonly #events: E[] = [];
  #gap: PendingGap | undefined;
  #wake = (): void => {};
  #end: { readonly error?: unknown } | undefined;

  /**
   * @param gapAt - makes the event that stands for those that may be missing
   * @param size - events kept for a slow reader, at least 1, the gap not counted. Default: 1000
   * @throws `LibvirtError` code `INVALID_ARGUMENT`
   */
  constructor(gapAt: (at: Date) => E, size = DEFAULT_SIZE) {
    this.#size = wholeNumber('buffer', size);
    this.#gapAt = gapAt;
  }

  /** Adds an event after the others. A gap takes the place of one that nobody has read yet. */
  push(event: E): void {
    if (this.#end !== undefined) return;
    if (event.type === 'gap') this.#mark(event.at, this.#events.length);
    else {
      this.#events.push(event);
      if (this.#events.length > this.#size) this.#drop(event.at);
    }
    this.#wake();
  }

  #drop(at: Date): void {
    this.#events.shift();
    this.#mark(at, Number.POSITIVE_INFINITY);
  }

  #mark(at: Date, after: number): void {
    this.#gap = { at, after: Math.max(after, this.#gap?.after ?? 0) };
  }

  /** Adds a gap: events before it may be missing. */
  miss(at: Date): void {
    this.push(this.#gapAt(at));
  }

  /** Ends the stream after the queued events, with an error or without. The first end counts. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake();
  }

  /** Drops what is there and ends the stream at once. */
  abort(error?: unknown): void {
    this.#events.length = 0;
    this.#gap = undefined;
    this.end(error);
  }

  /**
   * The next event as soon as there is one; nothing when the stream has ended.
   *
   * @throws what ended the stream
   */
  async next(): Promise<E | undefined> {
    while (this.#events.length === 0 && this.#gap === undefined && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const event = this.#takeGap() ?? this.#events.shift();
    if (event === undefined && this.#end?.error !== undefined) throw this.#end.error;
    return event;
  }

  /** The gap, when it is its turn; else an event goes before it. */
  #takeGap(): E | undefined {
    const gap = this.#gap;
    if (gap === undefined) return undefined;
    const isNext = gap.after === 0 || this.#events.length === 0;
    this.#gap = isNext ? undefined : { at: gap.at, after: gap.after - 1 };
    return isNext ? this.#gapAt(gap.at) : undefined;
  }
}

/** Events of networks on their way to a reader. For transports. */
export class EventQueue extends BoundedQueue<NetworkEvent> {
  /**
   * @param size - events kept for a slow reader, at least 1, the gap not counted. Default: 1000
   * @throws `LibvirtError` code `INVALID_ARGUMENT`
   */
  constructor(size?: number) {
    super(gapAt, size);
  }
}

/** The mark for events that may be missing. */
export const gapAt = (at: Date): NetworkEvent => ({ type: 'gap', network: '', at });
