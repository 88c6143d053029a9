import { CALL_OPTIONS, type CallOptions, type RemainingTime } from '../async/deadline.js';
import { type LibvirtError, mayHaveChanged } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import type { AnyNetwork } from '../model/network.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { type Subject, withOutcome } from '../transport/libvirt-error.js';
import type {
  DocumentInput,
  EventOptions,
  ListInput,
  NetworkEvent,
  NetworkState,
  Transport,
} from '../transport/operations.js';
import { expectNetwork, expectText } from './arguments.js';
import { BridgeGuard } from './bridge-guard.js';
import { DaemonVersion } from './daemon-version.js';
import { DesiredNetworks } from './ensure/ensure-api.js';
import { NetworkHandle } from './handle.js';
import { NetworkMutex } from './network-mutex.js';
import type { Connection, Identity } from './network-ref.js';
import { assertSize, withIdentityOf } from './plan/preserve-identity.js';
import { ifGone } from './state/tolerated.js';
import { readDefinition } from './texts.js';

/** Which networks {@link Networks.list} gives. Default: all. */
export interface NetworkFilter extends CallOptions, Omit<ListInput, 'xml'> {}

/** Options of {@link Networks.define}, {@link Networks.create} and {@link Networks.temporary}. */
export interface DefineOptions extends CallOptions {
  /** The libvirt release to print and check for. Default: the newest known. */
  readonly libvirt?: string | undefined;
  /** Has the daemon check the text against its schema as well; since libvirt 7.7. Default: false. */
  readonly validate?: boolean | undefined;
}

const FILTER: OptionNames<NetworkFilter> = {
  ...CALL_OPTIONS,
  active: true,
  persistent: true,
  autostart: true,
  inactive: true,
};
const DEFINE_OPTIONS: OptionNames<DefineOptions> = { ...CALL_OPTIONS, libvirt: true, validate: true };

/** A network of a host with its state and definition. */
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

function connectionOf(transport: Transport): Connection {
  const version = new DaemonVersion(transport);
  return { transport, mutex: new NetworkMutex(transport.label), guard: new BridgeGuard(transport, version), version };
}

/** The networks of a host. */
export class Networks extends DesiredNetworks {
  readonly #transport: Transport;
  readonly #connection: Connection;

  /** @internal */
  constructor(transport: Transport) {
    const connection = connectionOf(transport);
    super(connection);
    this.#transport = transport;
    this.#connection = connection;
  }

  /**
   * Lists handles for the networks of the host, by name.
   *
   * @param filter - which networks
   */
  async list(filter: NetworkFilter = {}): Promise<readonly NetworkHandle[]> {
    return (await this.states(filter)).map((state) => this.#handle<AnyNetwork>(state));
  }

  /**
   * Returns what {@link Networks.list} returns as plain data: name, uuid and state. Takes one process, however many networks there are.
   *
   * @param filter - which networks
   */
  async states(filter: NetworkFilter = {}): Promise<readonly NetworkState[]> {
    const { signal, timeoutMs, active, persistent, autostart } = optionsOf(filter, FILTER, 'states');
    return this.#list({ active, persistent, autostart }, { signal, timeoutMs });
  }

  /**
   * Lists networks with their states and definitions. A definition that cannot be read does not hide the others.
   *
   * @param filter - which networks
   */
  async readAll(filter: NetworkFilter = {}): Promise<readonly ListedNetwork[]> {
    const { signal, timeoutMs, active, persistent, autostart } = optionsOf(filter, FILTER, 'readAll');
    const states = await this.#list({ active, persistent, autostart, xml: true }, { signal, timeoutMs });
    return Promise.all(
      states.map(async ({ xml = '', ...state }) => ({
        handle: this.#handle<AnyNetwork>(state),
        state,
        ...(await read(xml)),
      })),
    );
  }

  /**
   * Gets the network with a name or uuid. Text that looks like a uuid is tried as a uuid first.
   *
   * @param network - name or uuid
   * @throws {@link OperationError} code `NETWORK_NOT_FOUND`
   */
  async get(network: string, options: CallOptions = {}): Promise<NetworkHandle> {
    expectText(network, 'get', 'the name or uuid of a network');
    return this.#handle<AnyNetwork>(
      await this.#transport.call('network.lookup', { network }, optionsOf(options, CALL_OPTIONS, 'get')),
    );
  }

  /**
   * Stores a definition, or replaces the one of the same name. The uuid, MAC address and bridge name stay as they are unless the network sets them. A running network does not change until its next start.
   *
   * @param network - what to store
   * @param options - release, schema check
   * @throws {@link ValidationError} and {@link LibvirtError} code `INVALID_ARGUMENT` before anything is sent,
   *   {@link OperationError} codes `NETWORK_EXISTS`, `BRIDGE_IN_USE`, `LIBVIRT`
   */
  async define<N extends BaseNetwork>(network: N, options: DefineOptions = {}): Promise<NetworkHandle<N>> {
    const { libvirt, validate, ...call } = optionsOf(options, DEFINE_OPTIONS, 'define');
    return this.#inTurn(network, 'network.define', { libvirt, ...call }, async (remaining) => {
      const whole = await this.#withIdentity(network, remaining);
      await this.#transport.call('network.define', document(whole, { libvirt, validate }), remaining());
      return this.#handleOf(whole, remaining, 'the network is defined');
    });
  }

  /**
   * Starts a network without storing it: once it stops, it no longer exists.
   *
   * @param network - what to start
   * @param options - release, schema check
   * @throws as {@link Networks.define} and {@link NetworkHandle.start}
   */
  async create<N extends BaseNetwork>(network: N, options: DefineOptions = {}): Promise<NetworkHandle<N>> {
    const { libvirt, validate, ...call } = optionsOf(options, DEFINE_OPTIONS, 'create');
    return this.#inTurn(network, 'network.create', { libvirt, ...call }, async (remaining) => {
      const { guard } = this.#connection;
      const input = document(network, { libvirt, validate });
      const subject = this.#subject('network.create', network);
      await guard.start({ subject, definition: async () => network.document }, remaining, () =>
        this.#transport.call('network.create', input, remaining()),
      );
      return this.#handleOf(network, remaining, 'the network is created');
    });
  }

  /**
   * Starts a network that `await using` stops at the end of the block. It gets its own uuid, so that no other network is stopped by mistake.
   *
   * @param network - what to start
   * @param options - release, schema check
   * @throws as {@link Networks.create}; it then stops the network again, if possible
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
      // The first error says more than one from cleaning up.
      if (mayHaveChanged(error)) await stop().catch(() => {});
      throw error;
    }
  }

  /**
   * Streams the changes of the host's networks, from the first `next()` until the reader stops or the signal aborts.
   *
   * @param options - how many events are kept for a slow reader, and whether to reconnect after a lost connection
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

  /** Checks a network, and runs work on it when its turn comes. */
  async #inTurn<T>(
    network: BaseNetwork,
    operation: Subject['operation'],
    { libvirt, signal, timeoutMs }: DefineOptions,
    work: (remaining: RemainingTime) => Promise<T>,
  ): Promise<T> {
    expectNetwork(network, operation);
    network.assertDefinable({ libvirt });
    return this.#connection.mutex.inTurn({ operation, network: network.name }, { signal, timeoutMs }, work);
  }

  #subject(operation: Subject['operation'], { name }: BaseNetwork): Subject {
    return { operation, network: name, label: this.#transport.label };
  }

  /** Returns the handle of a new network; libvirt chose its uuid if the network had none. */
  async #handleOf<N extends BaseNetwork>(
    { name, uuid, kind }: N,
    remaining: RemainingTime,
    done: string,
  ): Promise<NetworkHandle<N>> {
    if (uuid !== undefined) return this.#handle<N>({ name, uuid, kind });
    try {
      const state = await this.#transport.call('network.lookup', { network: name }, remaining());
      return this.#handle<N>({ name, uuid: state.uuid, kind });
    } catch (error) {
      throw withOutcome(error, done);
    }
  }

  /** Returns the network with the identity of the stored one of its name, if there is one. */
  async #withIdentity<N extends BaseNetwork>(network: N, remaining: RemainingTime): Promise<N> {
    const xml = await this.#transport
      .call('network.dump', { network: network.name, inactive: true }, remaining())
      .catch(ifGone);
    if (xml === undefined) return network;
    const { network: stored } = await read(xml);
    if (stored !== undefined) return withIdentityOf(network, stored);
    // The stored definition cannot be read, so it is replaced as a whole.
    const { uuid } = await this.#transport.call('network.lookup', { network: network.name }, remaining());
    return network.uuid === undefined ? network.withUuid(uuid) : network;
  }
}

/** A network as it is sent, after it was checked. */
function document(network: BaseNetwork, { libvirt, validate }: DefineOptions): DocumentInput {
  const xml = network.toXml({ libvirt, check: false });
  assertSize(network.name, xml);
  return { xml, name: network.name, validate };
}

async function read(xml: string): Promise<Definition> {
  const result = await readDefinition(xml);
  return 'network' in result ? result : { error: result.error };
}
