import { onAbort } from './abort.js';

/** Limits how many pieces of work run at once; the others wait in order of arrival. */
export class Semaphore {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param most - at least 1 */
  constructor(most: number) {
    this.#most = most;
  }

  /** Runs when it is its turn; gives up waiting when the signal says so. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#turn(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Hands the slot to the next in line at once, so that a newcomer cannot take it.
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#running < this.#most) {
      this.#running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        undo();
        resolve();
      };
      this.#waiting.push(go);
      const undo = onAbort(signal, () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(signal.reason);
      });
    });
  }
}
