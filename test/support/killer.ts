import type { HostView, Operation, Transport } from '../../src/index.js';
import { CHANGES } from './faults.js';

/** Ends a program at the n-th change that it makes to a host, by libvirt or by the view, before or after the effect. */
export class Killer {
  readonly #at: number;
  readonly #isAfter: boolean;
  readonly #kill: () => void;
  #changes = 0;

  constructor(at: number, isAfter: boolean, kill: () => void) {
    this.#at = at;
    this.#isAfter = isAfter;
    this.#kill = kill;
  }

  /** Changes that were begun. */
  get changes(): number {
    return this.#changes;
  }

  transport(transport: Transport): Transport {
    const call = (operation: Operation, input: never, options?: object) => {
      const work = () => transport.call(operation, input, options);
      return CHANGES.has(operation) ? this.#change(work) : work();
    };
    return {
      label: transport.label,
      call: call as Transport['call'],
      events: (options) => transport.events(options),
      close: () => transport.close(),
    };
  }

  view(view: HostView): HostView {
    return {
      look: (options) => view.look(options),
      attach: (...args) => this.#change(async () => view.attach?.(...args)),
      setAlias: (...args) => this.#change(async () => view.setAlias?.(...args)),
    };
  }

  async #change<T>(work: () => Promise<T>): Promise<T> {
    if (++this.#changes !== this.#at) return work();
    if (this.#isAfter) await work();
    this.#kill();
    // A program that is killed never hears of anything again.
    return new Promise(() => {});
  }
}
