import type { HostView, Operation, Transport } from '../../src/index.js';

/** Operations that change something on a host. */
export const CHANGES: ReadonlySet<Operation> = new Set<Operation>([
  'network.define',
  'network.create',
  'network.start',
  'network.destroy',
  'network.undefine',
  'network.autostart',
  'network.update',
  'port.create',
  'metadata.set',
  'text.set',
]);

/** Ends a program at the n-th change that it makes to a host, by libvirt or by the view, before or after the effect. */
export class Killer {
  readonly #at: number;
  readonly #isAfter: boolean;
  readonly #kill: () => void;
  readonly #then: 'is gone' | 'goes on';
  #changes = 0;

  /** @param then - whether the program itself is gone, or goes on without what was killed */
  constructor(at: number, isAfter: boolean, kill: () => void, then: 'is gone' | 'goes on' = 'is gone') {
    this.#then = then;
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
    if (this.#then === 'goes on') return work();
    // A program that is killed never hears of anything again.
    return new Promise(() => {});
  }
}
