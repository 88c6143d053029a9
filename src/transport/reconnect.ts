import { sleep } from '../async/sleep.js';
import type { LibvirtError } from '../errors/index.js';
import { isAbsent } from './absent.js';
import type { BoundedQueue, StreamEvent } from './event-queue.js';
import type { FeedOf } from './event-stream.js';
import type { EventOptions } from './operations.js';

/** Options of a stream that may go over several connections. */
export type ReconnectOptions = Pick<EventOptions, 'reconnect' | 'onListening'>;

/** Calls `onListening` soon. What it throws ends the stream, so that its reader gets to know. */
export function tellListening(
  queue: { readonly end: (error: unknown) => void },
  onListening: ReconnectOptions['onListening'],
): void {
  if (onListening === undefined) return;
  Promise.resolve()
    .then(onListening)
    .catch((error: unknown) => queue.end(error));
}

/** One connection of a stream of events, from its start to its loss. */
export class Round<E extends StreamEvent> {
  readonly #queue: BoundedQueue<E>;
  readonly #onListening: ReconnectOptions['onListening'];
  readonly #isLater: boolean;
  #isAlive = false;

  constructor(queue: BoundedQueue<E>, onListening: ReconnectOptions['onListening'], isLater: boolean) {
    this.#queue = queue;
    this.#onListening = onListening;
    this.#isLater = isLater;
  }

  /** True once the daemon has been heard of. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** To be called when the daemon has agreed to tell: from then on a reader can look at the state without missing what comes next. */
  readonly listening = (): void => {
    this.#live();
    tellListening(this.#queue, this.#onListening);
  };

  /** Passes an event on. */
  hear(event: E): void {
    this.#live();
    this.#queue.push(event);
  }

  /** What happened before may be missing, but for the first connection. */
  #live(): void {
    if (!this.#isAlive && this.#isLater) this.#queue.miss(new Date());
    this.#isAlive = true;
  }
}

/** Listens until the connection is lost, or the signal says stop. @returns how it was lost, or why it could not be made */
export type Listen<E extends StreamEvent> = (round: Round<E>, signal: AbortSignal) => Promise<LibvirtError>;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** A client whose daemon goes away may break off in the middle of its words. */
const mayComeBack = (error: LibvirtError, wasAlive: boolean): boolean =>
  isAbsent(error) || (wasAlive && error.code === 'UNEXPECTED_REPLY');

/**
 * The events of a daemon, over one connection after the other where the reader wants that: with pauses that grow as long as the
 * daemon is not there. For transports.
 *
 * @param options - the reader's
 * @param listen - makes one connection
 */
export const reconnecting =
  <E extends StreamEvent>(options: ReconnectOptions, listen: Listen<E>): FeedOf<E> =>
  async (queue, signal) => {
    const { reconnect = false, onListening } = options;
    let ms = FIRST_PAUSE_MS;
    let wasAlive = false;
    for (let isLater = false; !signal.aborted; isLater = true) {
      const round = new Round<E>(queue, onListening, isLater);
      const error = await listen(round, signal);
      if (signal.aborted) return;
      if (round.isAlive) ms = FIRST_PAUSE_MS;
      wasAlive ||= round.isAlive;
      if (!reconnect || !mayComeBack(error, wasAlive)) throw error;
      await sleep(ms, signal).catch(() => {}); // an abort ends the loop
      ms = Math.min(2 * ms, LONGEST_PAUSE_MS);
    }
  };
