import type { CallOptions } from '../async/deadline.js';
import { budget, type Rest } from '../async/deadline.js';
import type { BaseNetwork } from '../model/base.js';
import type { AnyNetwork } from '../model/network.js';
import type { Subject } from '../transport/libvirt-error.js';
import type { NetworkState, Transport } from '../transport/operations.js';
import type { BridgeGuard } from './bridge-guard.js';
import type { ReleaseOf } from './daemon-version.js';
import type { PerNetwork } from './network-mutex.js';
import { networkFrom } from './texts.js';

/** What the calls of one connection share. */
export interface Connection {
  readonly transport: Transport;
  /** Lets one call at a time work on each network. */
  readonly queue: PerNetwork;
  readonly guard: BridgeGuard;
  /** Knows which libvirt is at the other end. */
  readonly release: ReleaseOf;
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

/** One network of a connection, with what all calls about it need. */
export class Live {
  readonly transport: Transport;
  readonly guard: BridgeGuard;
  readonly name: string;
  /** Names the network in the input of operations. */
  readonly self: { readonly network: string; readonly name: string };
  readonly #queue: PerNetwork;

  constructor({ transport, queue, guard }: Connection, name: string, uuid: string) {
    this.transport = transport;
    this.guard = guard;
    this.#queue = queue;
    this.name = name;
    this.self = { network: uuid, name };
  }

  subject(operation: Subject['operation']): Subject {
    return { operation, network: this.name, label: this.transport.label };
  }

  /** Does work when it is its turn, all in the time of one call. */
  inTurn<T>(operation: Subject['operation'], options: CallOptions, work: (rest: Rest) => Promise<T>): Promise<T> {
    const rest = budget(options);
    return this.#queue.run(this.name, this.subject(operation), rest(), () => work(rest));
  }

  state(rest: Rest): Promise<NetworkState> {
    return this.transport.call('network.lookup', this.self, rest());
  }

  async dump(rest: Rest, inactive: boolean | undefined): Promise<AnyNetwork> {
    return networkFrom(await this.transport.call('network.dump', { ...this.self, inactive }, rest()));
  }
}
