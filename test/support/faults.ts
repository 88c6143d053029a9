import type { CallOptions, EventOptions, NetworkEvent, Operation, Transport } from '../../src/index.js';
import { LibvirtError, TransportError } from '../../src/index.js';
import type { Operations } from '../../src/transport-entry.js';
import { CHANGES } from './killer.js';

/** What goes wrong, before or after the effect. A hang ends with the caller's time; the caller itself may be killed. */
export const FAULTS = [
  'refused',
  'lost',
  'lost after the effect',
  'hang',
  'hang after the effect',
  'disconnect',
  'killed',
  'killed after the effect',
] as const;
export type FaultKind = (typeof FAULTS)[number];

/** A transport over which the n-th change goes wrong. */
export class FaultyTransport implements Transport {
  readonly label: string;
  /** Changes that were asked for so far. */
  changes = 0;
  #at = Number.POSITIVE_INFINITY;
  #fault: FaultKind = 'refused';
  #isLost = false;
  /** Ends when what was to go wrong does. */
  readonly broken: Promise<void>;
  #tellBroken = (): void => {};
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.label = transport.label;
    this.broken = new Promise((resolve) => {
      this.#tellBroken = resolve;
    });
  }

  /** Lets the n-th change from now on go wrong, counted from 1. */
  breakAt(n: number, fault: FaultKind): void {
    this.#at = this.changes + n;
    this.#fault = fault;
  }

  /** From now on all is well. */
  mend(): void {
    this.#at = Number.POSITIVE_INFINITY;
    this.#isLost = false;
  }

  async call<K extends Operation>(
    operation: K,
    input: Operations[K]['input'],
    options: CallOptions = {},
  ): Promise<Operations[K]['output']> {
    if (this.#isLost) throw lost(operation, false);
    if (!CHANGES.has(operation) || ++this.changes !== this.#at) return this.#transport.call(operation, input, options);
    if (this.#fault === 'refused') throw new LibvirtError('LIBVIRT', `${operation} was refused for the test`);
    if (this.#fault === 'disconnect') this.#isLost = true;
    if (this.#fault.endsWith('after the effect')) await this.#transport.call(operation, input, {});
    if (this.#fault.startsWith('hang')) await untilTheEnd(operation, options);
    this.#tellBroken();
    // A program that is killed never hears of anything again.
    if (this.#fault.startsWith('killed')) return new Promise(() => {});
    throw lost(operation, true);
  }

  events(options?: EventOptions): AsyncIterable<NetworkEvent> {
    return this.#transport.events(options);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

const lost = (operation: Operation, mayHaveChanged: boolean) =>
  new TransportError('CONNECTION_FAILED', `${operation}: the connection was lost for the test`, { mayHaveChanged });

/** As a program that does not answer: the transport ends it when the time is over. */
async function untilTheEnd(operation: Operation, { timeoutMs, signal }: CallOptions): Promise<never> {
  if (timeoutMs === undefined && signal === undefined)
    throw new Error(`${operation} hangs for ever: nobody set a time`);
  await new Promise<void>((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (timeoutMs !== undefined) setTimeout(resolve, timeoutMs);
  });
  throw new TransportError('TIMEOUT', `${operation} took longer than ${timeoutMs} ms`, { mayHaveChanged: true });
}
