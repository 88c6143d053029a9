import type { CallOptions } from '../async/deadline.js';
import { budget, type Rest } from '../async/deadline.js';
import { type LibvirtError, mayHaveChanged } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import type { AnyNetwork } from '../model/network.js';
import { after, type Subject } from '../transport/libvirt-error.js';
import type {
  DocumentInput,
  EventOptions,
  ListInput,
  NetworkEvent,
  NetworkState,
  Transport,
} from '../transport/operations.js';
import { expectNetwork, expectText } from './arguments.js';
import { BridgeGuard, withLoss } from './bridge-guard.js';
import { ReleaseOf } from './daemon-version.js';
import { DesiredNetworks } from './ensure/ensure-api.js';
import { NetworkHandle } from './handle.js';
import { PerNetwork } from './network-mutex.js';
import type { Connection, Identity } from './network-ref.js';
import { assertSize, withIdentityOf } from './plan/preserve-identity.js';
import { tryDump } from './state/definition.js';
import { ifGone } from './state/read-state.js';

/** Which networks {@link Networks.list} gives. Default: all. */
export interface NetworkFilter extends CallOptions, Omit<ListInput, 'xml'> {}

/** Options of {@link Networks.define}, {@link Networks.create} and {@link Networks.temporary}. */
export interface DefineOptions extends CallOptions {
  /** The libvirt release to print and check for. Default: the newest known. */
  readonly libvirt?: string | undefined;
  /** Has the daemon check the text against its schema as well; since libvirt 7.7. Default: false. */
  readonly validate?: boolean | undefined;
}

/** A network of a host with all that a list tells of it. */
export type ListedNetwork = {
  readonly handle: NetworkHandle;
  readonly state: NetworkState;
} & Definition;

/** A definition, or why it cannot be read: libvirt prints a few values without escaping them. */
export type Definition =
  | {
      /** The running definition where there is one, else the stored one. */
      readonly network: AnyNetwork;
      readonly error?: never;
    }
  | {
      readonly network?: never;
      /** Why the definition cannot be read. */
      readonly error: LibvirtError;
    };

/** A network that lives as long as its variable. */
export type TemporaryNetwork<N extends BaseNetwork> = NetworkHandle<N> & AsyncDisposable;

/** The networks of a host. */
export class Networks extends DesiredNetworks {
  readonly #transport: Transport;
  readonly #connection: Connection;

  /** @internal */
  constructor(transport: Transport) {
    super({
      transport,
      queue: new PerNetwork(),
      guard: new BridgeGuard(transport),
      release: new ReleaseOf(transport),
    });
    this.#transport = transport;
    this.#connection = this.connection;
  }

  /**
   * Handles for the networks of the host, by name.
   *
   * @param filter - which of them
   */
  async list(filter: NetworkFilter = {}): Promise<readonly NetworkHandle[]> {
    return (await this.states(filter)).map((state) => this.#handle<AnyNetwork>(state));
  }

  /**
   * The same as {@link Networks.list} as plain data: name, uuid and state. One process, however many there are.
   *
   * @param filter - which of them
   */
  states({ signal, timeoutMs, active, persistent, autostart }: NetworkFilter = {}): Promise<readonly NetworkState[]> {
    return this.#list({ active, persistent, autostart }, { signal, timeoutMs });
  }

  /**
   * Networks with state and definition. One that cannot be read does not keep the others from being listed.
   *
   * @param filter - which of them
   */
  async readAll({
    signal,
    timeoutMs,
    active,
    persistent,
    autostart,
  }: NetworkFilter = {}): Promise<readonly ListedNetwork[]> {
    const states = await this.#list({ active, persistent, autostart, xml: true }, { signal, timeoutMs });
    return states.map(({ xml = '', ...state }) => ({ handle: this.#handle<AnyNetwork>(state), state, ...read(xml) }));
  }

  /**
   * The network of a name or uuid. Text of the form of a uuid is taken for one first.
   *
   * @param network - name or uuid
   * @throws {@link OperationError} code `NETWORK_NOT_FOUND`
   */
  async get(network: string, options: CallOptions = {}): Promise<NetworkHandle> {
    expectText(network, 'get', 'the name or uuid of a network');
    return this.#handle<AnyNetwork>(await this.#transport.call('network.lookup', { network }, options));
  }

  /**
   * Stores a definition, new or in place of the one of the same name. What the network does not say it takes over
   * from the one that is there: uuid, MAC address and bridge name. A running network goes on as it is until its next
   * start.
   *
   * @param network - what to store
   * @param options - release, schema check
   * @throws {@link ValidationError} and {@link LibvirtError} code `INVALID_ARGUMENT` before anything is sent,
   *   {@link OperationError} codes `NETWORK_EXISTS`, `BRIDGE_IN_USE`, `LIBVIRT`
   */
  define<N extends BaseNetwork>(network: N, options: DefineOptions = {}): Promise<NetworkHandle<N>> {
    const { libvirt, validate } = options;
    return this.#inTurn(network, 'network.define', options, async (rest) => {
      const whole = await this.#withIdentity(network, rest);
      await this.#transport.call('network.define', document(whole, { libvirt, validate }), rest());
      return this.#handleOf(whole, rest, 'the network is defined');
    });
  }

  /**
   * Starts a network that is not stored: when it is stopped, it is gone.
   *
   * @param network - what to start
   * @param options - release, schema check
   * @throws as {@link Networks.define} and {@link NetworkHandle.start}
   */
  create<N extends BaseNetwork>(network: N, options: DefineOptions = {}): Promise<NetworkHandle<N>> {
    const { libvirt, validate } = options;
    return this.#inTurn(network, 'network.create', options, async (rest) => {
      const { guard } = this.#connection;
      const isNeeded = await guard.isNeeded(rest);
      if (isNeeded) await guard.assertFree(network.document, this.#subject('network.create', network), rest);
      const input = document(network, { libvirt, validate });
      await this.#transport.call('network.create', input, rest()).catch((error: unknown) => {
        throw isNeeded ? withLoss(error) : error;
      });
      return this.#handleOf(network, rest, 'the network is created');
    });
  }

  /**
   * A network for a while: `await using net = await host.networks.temporary(...)` stops it at the end of the block. It
   * gets a uuid of its own, so that nobody else's network is stopped.
   *
   * @param network - what to start
   * @param options - release, schema check
   * @throws as {@link Networks.create}; the network is then stopped again, if it can be
   */
  async temporary<N extends BaseNetwork>(network: N, options: DefineOptions = {}): Promise<TemporaryNetwork<N>> {
    const own = network.uuid === undefined ? network.withUuid(crypto.randomUUID()) : network;
    const stop = () =>
      this.#handle<N>({ name: own.name, uuid: own.uuid ?? '' })
        .destroy()
        .catch(ifGone);
    try {
      return Object.assign(await this.create(own, options), { [Symbol.asyncDispose]: stop });
    } catch (error) {
      // The error that led here says more than one of the tidying up.
      if (mayHaveChanged(error)) await stop().catch(() => {});
      throw error;
    }
  }

  /**
   * What happens to the host's networks, from the first `next()` until the reader stops or the signal says so.
   *
   * @param options - how many events are kept for a slow reader, and whether a lost connection is made anew
   */
  events(options: EventOptions = {}): AsyncIterable<NetworkEvent> {
    return this.#transport.events(options);
  }

  #list(input: ListInput, options: CallOptions): Promise<readonly NetworkState[]> {
    return this.#transport.call('network.list', input, options);
  }

  #handle<N extends BaseNetwork>(identity: Identity<N>): NetworkHandle<N> {
    return new NetworkHandle<N>(this.#connection, identity);
  }

  /** Checks a network, and does work with it when it is its turn. */
  async #inTurn<T>(
    network: BaseNetwork,
    operation: Subject['operation'],
    { libvirt, signal, timeoutMs }: DefineOptions,
    work: (rest: Rest) => Promise<T>,
  ): Promise<T> {
    expectNetwork(network, operation);
    network.assertDefinable({ libvirt });
    const rest = budget({ signal, timeoutMs });
    return this.#connection.queue.run(network.name, this.#subject(operation, network), rest(), () => work(rest));
  }

  #subject(operation: Subject['operation'], { name }: BaseNetwork): Subject {
    return { operation, network: name, label: this.#transport.label };
  }

  /** The handle of what has just been made; libvirt chose its uuid where the network had none. */
  async #handleOf<N extends BaseNetwork>({ name, uuid, kind }: N, rest: Rest, done: string): Promise<NetworkHandle<N>> {
    if (uuid !== undefined) return this.#handle<N>({ name, uuid, kind });
    try {
      const state = await this.#transport.call('network.lookup', { network: name }, rest());
      return this.#handle<N>({ name, uuid: state.uuid, kind });
    } catch (error) {
      throw after(error, done);
    }
  }

  /** The network with the identity of the one that is stored under its name, if there is one. */
  async #withIdentity<N extends BaseNetwork>(network: N, rest: Rest): Promise<N> {
    const xml = await this.#transport
      .call('network.dump', { network: network.name, inactive: true }, rest())
      .catch(ifGone);
    if (xml === undefined) return network;
    const { network: stored } = read(xml);
    if (stored !== undefined) return withIdentityOf(network, stored);
    // What is stored cannot be read, so it is replaced whole.
    const { uuid } = await this.#transport.call('network.lookup', { network: network.name }, rest());
    return network.uuid === undefined ? network.withUuid(uuid) : network;
  }
}

/** A network as it is sent, after it was checked. */
function document(network: BaseNetwork, { libvirt, validate }: DefineOptions): DocumentInput {
  const xml = network.toXml({ libvirt, check: false });
  assertSize(network.name, xml);
  return { xml, name: network.name, validate };
}

function read(xml: string): Definition {
  const result = tryDump(xml);
  return 'network' in result ? result : { error: result.error };
}
