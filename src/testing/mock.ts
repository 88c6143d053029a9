import { orAbort } from '../async/abort.js';
import { CALL_OPTIONS, type CallOptions } from '../async/deadline.js';
import { sleep } from '../async/sleep.js';
import { LibvirtError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { NEWEST_RELEASE, releaseNumber } from '../schema/release.js';
import { EVENT_OPTIONS, eventStream } from '../transport/event-stream.js';
import { GUEST_EVENT_OPTIONS, guestEventStream } from '../transport/guest-events.js';
import type { GuestEvent } from '../transport/guest-operations.js';
import { subjectOf } from '../transport/libvirt-error.js';
import { libvirtFailure } from '../transport/libvirt-failure.js';
import type {
  EventOptions,
  GuestEventOptions,
  LeaseRecord,
  NetworkEvent,
  Operation,
  Operations,
  Transport,
} from '../transport/operations.js';
import { within } from '../transport/with-deadline.js';
import { MockDriver } from './driver.js';
import { EventHub } from './events.js';
import { MockGuests } from './guest-driver.js';
import type { MockGuestOptions } from './guest-state.js';
import { isSince, type MockOperations, mockOperations } from './operations.js';
import { Refusal } from './refusal.js';
import type { MockState } from './state.js';

/** Options of {@link mockTransport}. */
export interface MockOptions {
  /** Networks that are there from the beginning, stored and stopped. */
  readonly networks?: readonly BaseNetwork[];
  /** The libvirt release that it behaves as. Default: the newest known. */
  readonly libvirt?: string;
  /** Makes the uuids and MAC addresses of another mock differ. Default: 1. */
  readonly seed?: number;
  /** Clock of the daemon. Default: the real time. */
  readonly now?: () => Date;
}

/** A fault that replaces one operation. */
export type Fault =
  /** Fails with this error. */
  | { readonly error: Error }
  /** Takes this many milliseconds, then succeeds as usual. */
  | { readonly delayMs: number }
  /** Never ends: only an abort or a timeout ends it. */
  | { readonly hang: true }
  /** The connection is lost: it and all later calls fail until {@link MockTransport.reconnect}. */
  | { readonly disconnect: true };

/** A call that the mock received. */
export interface MockCall {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
}

const OPTIONS: OptionNames<MockOptions> = { networks: true, libvirt: true, seed: true, now: true };

const GUEST_OPTIONS: OptionNames<MockGuestOptions> = {
  name: true,
  uuid: true,
  nics: true,
  active: true,
  persistent: true,
  holdsNics: true,
};

const LOST = 'End of file while reading data: Input/output error';
const NO_METADATA_EVENTS = 'unknown event type metadata-change';

/** A libvirt daemon in memory, for tests of programs that use this library. */
export class MockTransport implements Transport {
  readonly label = 'the mock';
  /** Waits listen to its events. */
  readonly hasCheapEvents = true;
  /** Everything that was asked, in order. */
  readonly calls: MockCall[] = [];
  readonly #driver: MockDriver;
  readonly #events: EventHub<NetworkEvent, EventOptions>;
  readonly #guestEvents: EventHub<GuestEvent, GuestEventOptions>;
  readonly #faults = new Map<Operation, Fault[]>();
  readonly #release: string;
  readonly #operations: MockOperations;
  #lost = false;
  readonly #closed = new AbortController();

  /** @internal */
  constructor(options: MockOptions) {
    const {
      libvirt = NEWEST_RELEASE,
      now = () => new Date(),
      seed = 1,
      networks = [],
    } = optionsOf(options, OPTIONS, 'mockTransport');
    this.#release = libvirt;
    if (releaseNumber(this.#release) === undefined)
      throw new LibvirtError('INVALID_ARGUMENT', `'${this.#release}' is not a libvirt release`);
    this.#events = new EventHub(now, ({ type }, { metadata }) => type !== 'metadata-changed' || metadata === true);
    this.#guestEvents = new EventHub(now, () => true);
    this.#driver = new MockDriver(this.#release, seed, {
      network: (type, network) => this.#events.announce((at) => ({ type, network, at })),
      guest: (event) => this.#guestEvents.announce((at) => ({ ...event, at })),
    });
    this.#operations = mockOperations(this.#driver, this.#release, now);
    for (const network of networks) this.#driver.define(network.toXml({ libvirt: this.#release }));
  }

  /**
   * Injects a fault into the next call of an operation; several faults apply to successive calls.
   *
   * @param operation - such as `network.start`
   * @param fault - the fault
   */
  once(operation: Operation, fault: Fault): void {
    this.#faults.set(operation, [...(this.#faults.get(operation) ?? []), fault]);
  }

  /** Ends what a `disconnect` fault began. */
  reconnect(): void {
    this.#lost = false;
    this.#events.reconnect();
    this.#guestEvents.reconnect();
  }

  /** Gives a guest an address, as dnsmasq would; it is not shown any more after its end. */
  addLease(network: string, lease: LeaseRecord): void {
    const found = this.#driver.find(network);
    this.#driver.put({ ...found, leases: [...found.leases, lease] });
  }

  /**
   * Puts a guest in; its NICs are plugged in where it runs.
   *
   * @throws `LibvirtError` code `INVALID_ARGUMENT` for a name or uuid that a guest has already, and for what is not a NIC
   * @throws `OperationError` codes `NETWORK_NOT_FOUND` and `NETWORK_INACTIVE` for the networks of a guest that runs
   */
  addGuest(options: MockGuestOptions): void {
    const known = optionsOf(options, GUEST_OPTIONS, 'addGuest');
    const subject = { operation: 'guest.attach', target: known.name, label: this.label } as const;
    try {
      new MockGuests(this.#driver).add(known);
    } catch (error) {
      throw error instanceof Refusal ? libvirtFailure(error.message, subject) : error;
    }
  }

  /** Returns the whole state of the mock, for {@link MockTransport.restore}. */
  snapshot(): MockState {
    return this.#driver.state;
  }

  /** Goes back to a snapshot. */
  restore(state: MockState): void {
    this.#driver.state = state;
  }

  /** Carries out one operation. */
  async call<K extends Operation>(
    operation: K,
    input: Operations[K]['input'],
    options: CallOptions = {},
  ): Promise<Operations[K]['output']> {
    const subject = subjectOf(operation, input, this.label);
    const limits = { ...optionsOf(options, CALL_OPTIONS, operation), closed: this.#closed.signal };
    return within(subject, limits, async ({ signal, begin }) => {
      this.calls.push({ operation, input: { ...input } });
      begin();
      await this.#fault(operation, signal);
      if (this.#lost) throw libvirtFailure(LOST, subject);
      try {
        return this.#operations[operation](input);
      } catch (error) {
        throw error instanceof Refusal ? libvirtFailure(error.message, subject) : error;
      }
    });
  }

  /** Tells what happens from the first look on. A `disconnect` ends the stream, or leaves a gap where it reconnects. */
  events(options: EventOptions = {}): AsyncIterable<NetworkEvent> {
    const known = optionsOf(options, EVENT_OPTIONS, 'events');
    const tooOld =
      known.metadata === true && !isSince(this.#release, '9.8.0')
        ? libvirtFailure(NO_METADATA_EVENTS, { operation: 'network.events', label: this.label })
        : undefined;
    return eventStream(this.label, known, this.#closed.signal, this.#events.feed(known, tooOld));
  }

  /** Tells what happens to guests, as {@link MockTransport.events} does of networks. */
  guestEvents(options: GuestEventOptions = {}): AsyncIterable<GuestEvent> {
    const known = optionsOf(options, GUEST_EVENT_OPTIONS, 'events');
    return guestEventStream(this.label, known, this.#closed.signal, this.#guestEvents.feed(known));
  }

  /** Ends the streams of events and the calls that are not done, and refuses what comes after. */
  async close(): Promise<void> {
    this.#closed.abort();
  }

  #lose(): void {
    this.#lost = true;
    this.#events.lose(libvirtFailure(LOST, { operation: 'network.events', label: this.label }));
    this.#guestEvents.lose(libvirtFailure(LOST, { operation: 'guest.events', label: this.label }));
  }

  async #fault(operation: Operation, signal: AbortSignal): Promise<void> {
    const [fault, ...rest] = this.#faults.get(operation) ?? [];
    if (fault === undefined) return;
    this.#faults.set(operation, rest);
    if ('error' in fault) throw fault.error;
    if ('disconnect' in fault) this.#lose();
    if ('delayMs' in fault) await sleep(fault.delayMs, signal);
    if ('hang' in fault) await orAbort(new Promise<never>(() => {}), signal);
  }
}

/**
 * A libvirt daemon in memory: the states, names, refusals and releases of the real network driver, without a
 * hypervisor, in any runtime.
 *
 * @param options - what is there from the beginning, and which release it behaves as
 *
 * @example
 * ```ts
 * const mock = mockTransport({ networks: [lab] });
 * await using host = connect(mock);
 * mock.once('network.start', { error: new TransportError('DNSMASQ_PORT_IN_USE', 'port 53 is taken') });
 * ```
 */
export const mockTransport = (options: MockOptions = {}): MockTransport => new MockTransport(options);
