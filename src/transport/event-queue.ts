import { LibvirtError } from '../errors/index.js';
import type { NetworkEvent } from './operations.js';

const DEFAULT_SIZE = 1000;

/**
 * Events on their way to a reader, with an upper limit: what does not fit is dropped from the front, and one `gap`
 * stands for all of it. For transports.
 */
export class EventQueue {
  readonly #size: number;
  readonly #events: NetworkEvent[] = [];
  #wake = (): void => {};
  #end: { readonly error?: unknown } | undefined;
  /** True from a gap that the reader got until it has read everything. */
  #isLate = false;
  /** Time of the last event that was dropped before the reader had caught up. */
  #missed: Date | undefined;

  /**
   * @param size - events kept for a slow reader, at least 1, the gap not counted. Default: 1000
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
   */
  constructor(size = DEFAULT_SIZE) {
    if (!Number.isInteger(size) || size < 1)
      throw new LibvirtError('INVALID_ARGUMENT', `buffer must be a whole number from 1, not ${size}`);
    this.#size = size;
  }

  /** Adds an event after the others. */
  push(event: NetworkEvent): void {
    if (this.#end !== undefined) return;
    const hasGap = this.#events[0]?.type === 'gap';
    if (this.#events.length - (hasGap ? 1 : 0) >= this.#size) this.#drop(event.at, hasGap);
    this.#events.push(event);
    this.#wake();
  }

  /** One gap is enough until the reader has caught up; then it gets another for what was dropped since. */
  #drop(at: Date, hasGap: boolean): void {
    if (this.#isLate && !hasGap) {
      this.#events.shift();
      this.#missed = at;
    } else this.#events.splice(0, hasGap ? 2 : 1, gapAt(at));
  }

  /** Ends the stream after the queued events, with an error or without. The first end counts. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake();
  }

  #catchUp(): void {
    this.#isLate = false;
    if (this.#missed === undefined || this.#end !== undefined) return;
    this.#events.push(gapAt(this.#missed));
    this.#missed = undefined;
  }

  /** Drops what is there and ends the stream at once. */
  abort(error?: unknown): void {
    this.#events.length = 0;
    this.end(error);
  }

  /**
   * The next event as soon as there is one; nothing when the stream has ended.
   *
   * @throws what ended the stream
   */
  async next(): Promise<NetworkEvent | undefined> {
    while (this.#events.length === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const event = this.#events.shift();
    if (event?.type === 'gap') this.#isLate = true;
    if (this.#events.length === 0) this.#catchUp();
    if (event === undefined && this.#end?.error !== undefined) throw this.#end.error;
    return event;
  }
}

/** The mark for events that may be missing. */
export const gapAt = (at: Date): NetworkEvent => ({ type: 'gap', network: '', at });
