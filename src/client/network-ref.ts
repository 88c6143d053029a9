import type { CallOptions } from '../async/deadline.js';
import { budget, type Rest } from '../async/deadline.js';
import type { BaseNetwork } from '../model/base.js';
import type { AnyNetwork } from '../model/network.js';
import type { NetworkDocument } from '../schema/network/network.js';
import type { Subject } from '../transport/libvirt-error.js';
import type { NetworkState, Transport } from '../transport/operations.js';
import type { BridgeGuard } from './bridge-guard.js';
import type { ReleaseOf } from './daemon-version.js';
import type { PerNetwork } from './network-mutex.js';
import { assertReadable, parseDump, tryDump, type UnreadableOptions } from './state/definition.js';

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

  /** What is known of a copy that is to be changed. */
  async known(copy: 'live' | 'stored', options: UnreadableOptions, rest: Rest): Promise<NetworkDocument> {
    const input = { ...this.self, inactive: copy === 'stored' };
    const result = tryDump(await this.transport.call('network.dump', input, rest()));
    if ('network' in result) return result.network.document;
    assertReadable(this.name, [{ copy, ...result }], options, 'changed');
    return result.partial ?? { name: this.name };
  }

  async dump(rest: Rest, inactive: boolean | undefined): Promise<AnyNetwork> {
    return parseDump(await this.transport.call('network.dump', { ...this.self, inactive }, rest()));
  }
}
