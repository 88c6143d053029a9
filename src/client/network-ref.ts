import { CALL_OPTIONS, type CallOptions, type RemainingTime } from '../async/deadline.js';
import type { BaseNetwork } from '../model/base.js';
import type { AnyNetwork } from '../model/network.js';
import { optionsOf } from '../options/options.js';
import type { NetworkDocument } from '../schema/network/network.js';
import type { Subject } from '../transport/libvirt-error.js';
import type { NetworkState, Transport } from '../transport/operations.js';
import type { BridgeGuard } from './bridge-guard.js';
import type { DaemonVersion } from './daemon-version.js';
import type { NetworkMutex } from './network-mutex.js';
import type { UnreadableOptions } from './state/definition.js';
import { readForChange, readNetwork } from './texts.js';

/** State that the calls of one connection share. */
export interface Connection {
  readonly transport: Transport;
  /** Runs one call at a time on each network. */
  readonly mutex: NetworkMutex;
  readonly guard: BridgeGuard;
  readonly version: DaemonVersion;
}

/** A network's identity, as a list or a look-up gives it. */
export interface Identity<N extends BaseNetwork> {
  /** Its name. */
  readonly name: string;
  /** Its uuid. */
  readonly uuid: string;
  /** The kind that its definition is known to have. */
  readonly kind?: N['kind'];
}

/** Refers to a network of a connection, and provides what its calls need. */
export class NetworkRef {
  readonly transport: Transport;
  readonly guard: BridgeGuard;
  readonly name: string;
  /** Names the network in the input of operations. */
  readonly self: { readonly network: string; readonly name: string };
  readonly #mutex: NetworkMutex;

  constructor({ transport, mutex, guard }: Connection, name: string, uuid: string) {
    this.transport = transport;
    this.guard = guard;
    this.#mutex = mutex;
    this.name = name;
    this.self = { network: uuid, name };
  }

  subject(operation: Subject['operation']): Subject {
    return { operation, network: this.name, label: this.transport.label };
  }

  /** Does work when it is its turn, all in the time of one call. */
  async inTurn<T>(
    operation: Subject['operation'],
    options: CallOptions,
    work: (remaining: RemainingTime) => Promise<T>,
  ): Promise<T> {
    const known = optionsOf(options, CALL_OPTIONS, operation);
    return this.#mutex.inTurn({ operation, network: this.name }, known, work);
  }

  state(remaining: RemainingTime): Promise<NetworkState> {
    return this.transport.call('network.lookup', this.self, remaining());
  }

  /**
   * Reads a definition that is to be changed.
   *
   * @throws {@link LibvirtError} code `UNREADABLE` unless the options allow what can be read of it
   */
  async dumpReadable(
    copy: 'live' | 'stored',
    options: UnreadableOptions,
    remaining: RemainingTime,
  ): Promise<NetworkDocument> {
    const xml = await this.transport.call('network.dump', { ...this.self, inactive: copy === 'stored' }, remaining());
    return readForChange({ network: this.name, copy, xml }, options);
  }

  async dump(remaining: RemainingTime, inactive: boolean | undefined): Promise<AnyNetwork> {
    return readNetwork(await this.transport.call('network.dump', { ...this.self, inactive }, remaining()));
  }
}
