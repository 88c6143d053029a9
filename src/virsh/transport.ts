import type { CallOptions } from '../async/deadline.js';
import { eventStream } from '../transport/event-stream.js';
import { guestEventStream } from '../transport/guest-events.js';
import type { GuestEvent } from '../transport/guest-operations.js';
import type { Subject } from '../transport/libvirt-error.js';
import type {
  EventOptions,
  GuestEventOptions,
  NetworkEvent,
  Operation,
  Operations,
  Transport,
} from '../transport/operations.js';
import { type Caller, runOperation } from '../transport/run-operation.js';
import { feedOf } from './events.js';
import { guestFeedOf } from './guest-events.js';
import type { Handlers } from './handler.js';
import { handlersFor } from './operations.js';
import { settingsOf, type VirshOptions } from './options.js';
import { Processes } from './process.js';

/** Transport that {@link virsh} returns. */
export class VirshTransport implements Transport {
  /** The URI without its secrets. */
  readonly label: string;
  readonly #caller: Caller;
  readonly #processes: Processes;
  readonly #handlers: Handlers<Operation>;

  /** @internal */
  constructor(options: VirshOptions) {
    const settings = settingsOf(options);
    this.label = settings.label;
    this.#processes = new Processes(settings);
    this.#caller = { label: this.label, timeoutMs: settings.timeoutMs, closed: this.#processes.closed };
    this.#handlers = handlersFor(this.#processes);
  }

  /** How many processes were started so far. */
  get processesStarted(): number {
    return this.#processes.started;
  }

  /**
   * Carries out one operation with one process; `network.list` with definitions takes one more for each 250 networks,
   * and `text.set` of both copies takes two.
   *
   * @throws `OperationError` when libvirt refuses, `TransportError` when it could not be asked or did not
   *   answer, `LibvirtError` code `INVALID_ARGUMENT` for text that no program can be given, the signal's own reason
   */
  async call<K extends Operation>(
    operation: K,
    input: Operations[K]['input'],
    options: CallOptions = {},
  ): Promise<Operations[K]['output']> {
    const handle = this.#handlers[operation];
    return runOperation({ operation, input, options }, this.#caller, (subject, stop) =>
      handle(input, { subject, stop }),
    );
  }

  /**
   * Tells what happens, from a virsh that runs until the reader stops. `onListening` needs libvirt's log on the error
   * output, which sudo and programs run elsewhere may not give.
   */
  events(options: EventOptions = {}): AsyncIterable<NetworkEvent> {
    const subject: Subject = { operation: 'network.events', label: this.label };
    return eventStream(this.label, options, this.#processes.closed, feedOf(this.#processes, subject, options));
  }

  /**
   * Tells what happens to guests and their devices, from a virsh that runs until the reader stops, with the same limit as
   * {@link VirshTransport.events}.
   */
  guestEvents(options: GuestEventOptions = {}): AsyncIterable<GuestEvent> {
    const subject: Subject = { operation: 'guest.events', label: this.label };
    const feed = guestFeedOf(this.#processes, subject, options);
    return guestEventStream(this.label, options, this.#processes.closed, feed);
  }

  /** Ends what is running, and waits until it is gone. */
  close(): Promise<void> {
    return this.#processes.close();
  }
}

/**
 * The way to a daemon over `virsh`. Values never pass a shell and are never taken for options; definitions are
 * handed over in files that nobody else can read and that are gone before virsh begins.
 *
 * @param options - which daemon, and how the program is run
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for options that cannot be right
 *
 * @example
 * ```ts
 * await using host = connect(virsh({ uri: 'qemu+ssh://kvm1/system', timeoutMs: 120_000 }));
 * ```
 */
export const virsh = (options: VirshOptions = {}): VirshTransport => new VirshTransport(options);
