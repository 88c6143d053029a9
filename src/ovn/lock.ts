import { orAbort } from '../async/abort.js';
import { Lost } from '../dial/errors.js';
import { Fields } from './wire/fields.js';
import type { Json } from './wire/json.js';
import type { Link } from './wire/link.js';
import { Unreadable } from './wire/unreadable.js';

/** A lock of the server that this client holds. It ends with the connection, and when another client steals it. */
export class OvsdbLock implements AsyncDisposable {
  /** Name of the lock. */
  readonly name: string;
  /** Aborts when the lock is lost; not when it is released. */
  readonly signal: AbortSignal;
  readonly #release: () => Promise<void>;

  /** @internal */
  constructor(name: string, signal: AbortSignal, release: () => Promise<void>) {
    this.name = name;
    this.signal = signal;
    this.#release = release;
  }

  /** Releases the lock. One that was lost is released already. */
  release(): Promise<void> {
    return this.#release();
  }

  /** Releases the lock. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#release();
  }
}

/** Takes a lock on one connection, and keeps the rest of what happens to it. */
export class LockOnLink {
  /** The connection that has it. */
  readonly link: Link;
  readonly #name: string;
  readonly #lost = new AbortController();
  readonly #held: Promise<void>;
  readonly #unlisten: () => void;
  #hold: () => void = () => {};
  #isReleased = false;

  constructor(link: Link, name: string) {
    this.link = link;
    this.#name = name;
    this.#held = new Promise((resolve) => {
      this.#hold = resolve;
    });
    this.#unlisten = link.connection.listen(name, (method) => this.#hear(method));
    link.ended.then((lost) => this.#lose(lost));
  }

  /** Aborts when the lock is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Waits until this client holds the lock; an abort takes the wish back. */
  async take(signal: AbortSignal): Promise<void> {
    try {
      await this.link.connection.call('lock', [this.#name], (answer) => this.#answered(answer), { signal });
      await orAbort(this.#held, AbortSignal.any([signal, this.lost]));
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  /** Releases the lock, or takes back the wish for it. */
  async release(): Promise<void> {
    this.#isReleased = true;
    this.#unlisten();
    const unlocked = this.link.connection.call('unlock', [this.#name], () => {});
    await unlocked.catch((error: unknown) => {
      if (!(error instanceof Lost)) throw error;
    });
  }

  #answered(answer: Json): void {
    const isHeld = Fields.of(answer, 'the answer to a lock').get('locked');
    if (typeof isHeld !== 'boolean') throw new Unreadable('the answer to a lock does not say whether it is held');
    if (isHeld) this.#hold();
  }

  #hear(method: string): void {
    if (method === 'locked') this.#hold();
    if (method === 'stolen') this.#lose(new Lost(`another client has stolen the lock ${this.#name}`, true));
  }

  #lose(lost: Lost): void {
    if (!this.#isReleased) this.#lost.abort(lost);
  }
}
