import { orAbort } from '../../async/abort.js';
import type { NetworkEvent } from '../../transport/operations.js';

/** Why a host is read again, and the events since it was read before. */
export interface Reason {
  readonly cause: 'first' | 'change' | 'gap';
  readonly events: readonly NetworkEvent[];
}

/** Gathers what a host reports until somebody takes it. */
export class News {
  readonly #limit: number;
  #events: NetworkEvent[] = [];
  #cause: Reason['cause'] = 'change';
  #isListening = false;
  #end: { readonly error: unknown } | undefined;
  #wake = (): void => {};

  /** @param limit - events kept for a slow reader; one more is a gap */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Notes that nothing is missed from now on. Only the first time needs a look: later ones come with a gap. */
  listening(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#cause = 'first';
    this.#wake();
  }

  hear(event: NetworkEvent): void {
    // A look that is still to come shows what happened before it.
    if (!this.#isListening || this.#cause !== 'change') return;
    if (event.type === 'gap' || this.#events.length >= this.#limit) this.#miss();
    else this.#events.push(event);
    this.#wake();
  }

  #miss(): void {
    this.#events = [];
    this.#cause = 'gap';
  }

  /** Ends with what ended the stream of events, after what is there was taken. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** Waits for a reason to read the host. */
  async take(signal: AbortSignal): Promise<Reason> {
    while (this.#cause === 'change' && this.#events.length === 0) {
      if (this.#end !== undefined) throw this.#end.error;
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await orAbort(woken, signal);
    }
    const reason = { cause: this.#cause, events: this.#events };
    this.#cause = 'change';
    this.#events = [];
    return reason;
  }
}
