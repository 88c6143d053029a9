import { LibvirtError, TransportError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import { type AnyNetwork, Network } from '../model/network.js';
import { readHostInterface } from '../schema/companion.js';
import type { HostInterface } from '../schema/interface.js';
import { NetworkHandle } from './handle.js';
import type {
  CallOptions,
  EventOptions,
  HostVersions,
  InterfaceState,
  NetworkEvent,
  NetworkState,
  Transport,
} from './operations.js';
import { PerNetwork } from './queue.js';

/** Which networks {@link Networks.list} gives. Default: all. */
export interface NetworkFilter extends CallOptions {
  readonly active?: boolean;
  readonly persistent?: boolean;
  readonly autostart?: boolean;
}

/** Options of {@link Networks.define} and {@link Networks.create}. */
export interface DefineOptions extends CallOptions {
  /** The libvirt release to print for. Default: the newest known. */
  readonly libvirt?: string;
  /** Has the daemon check the text against its schema as well; since libvirt 7.7. Default: false. */
  readonly validate?: boolean;
}

/** A network that lives as long as its variable. */
export type TemporaryNetwork<N extends BaseNetwork> = NetworkHandle<N> & AsyncDisposable;

/** The networks of a host. */
export class Networks {
  readonly #transport: Transport;
  readonly #queue = new PerNetwork();

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The networks of the host, by name. */
  async list(filter: NetworkFilter = {}): Promise<readonly NetworkHandle[]> {
    return (await this.states(filter)).map((state) => this.#handle(state));
  }

  /** The same as {@link Networks.list} as plain data: name, uuid and state. One process, however many there are. */
  states({ signal, timeoutMs, ...filter }: NetworkFilter = {}): Promise<readonly NetworkState[]> {
    return this.#transport.call('network.list', filter, { signal, timeoutMs });
  }

  /** All networks with their definitions; the live one of those that run. */
  async readAll({
    signal,
    timeoutMs,
    ...filter
  }: NetworkFilter = {}): Promise<readonly { readonly state: NetworkState; readonly network: AnyNetwork }[]> {
    const states = await this.#transport.call('network.list', { ...filter, xml: true }, { signal, timeoutMs });
    return states.map(({ xml = '', ...state }) => ({ state, network: Network.parse(xml) }));
  }

  /**
   * The network of a name or uuid.
   *
   * @throws {@link TransportError} code `NETWORK_NOT_FOUND`
   */
  async get(network: string, options: CallOptions = {}): Promise<NetworkHandle> {
    return this.#handle(await this.#transport.call('network.lookup', { network }, options));
  }

  /**
   * Stores a definition, new or in place of the one of the same name. What the network does not say it takes over
   * from the one that is there: uuid, MAC address and bridge name. A running network goes on as it is until it is restarted.
   *
   * @throws {@link ValidationError} before anything is sent, {@link TransportError} when libvirt refuses
   */
  define<N extends BaseNetwork>(network: N, options: DefineOptions = {}): Promise<NetworkHandle<N>> {
    return this.#queue.run(network.name, async () => {
      network.assertDefinable(options);
      const whole = await this.#withIdentity(network, options);
      const { libvirt, validate = false, ...call } = options;
      await this.#transport.call('network.define', { xml: whole.toXml({ libvirt }), validate }, call);
      return this.#find<N>(network.name, call);
    });
  }

  /**
   * Starts a network that is not stored: when it is stopped, it is gone.
   *
   * @throws {@link ValidationError} before anything is sent, {@link TransportError} when libvirt refuses
   */
  create<N extends BaseNetwork>(network: N, options: DefineOptions = {}): Promise<NetworkHandle<N>> {
    return this.#queue.run(network.name, async () => {
      const { libvirt, validate = false, ...call } = options;
      await this.#transport.call('network.create', { xml: network.toXml({ libvirt }), validate }, call);
      return this.#find<N>(network.name, call);
    });
  }

  /**
   * A network for a while: `await using net = await host.networks.temporary(...)` stops it at the end of the block.
   *
   * @throws as {@link Networks.create}
   */
  async temporary<N extends BaseNetwork>(network: N, options: DefineOptions = {}): Promise<TemporaryNetwork<N>> {
    const handle = await this.create(network, options);
    const dispose = async () => {
      try {
        await handle.destroy();
      } catch (error) {
        // Someone else stopped it: that is what was wanted.
        if (!LibvirtError.is(error) || error.code !== 'NETWORK_NOT_FOUND') throw error;
      }
    };
    return Object.assign(handle, { [Symbol.asyncDispose]: dispose });
  }

  /** What happens to the host's networks, until the reader stops or the signal says so. */
  events(options: EventOptions = {}): AsyncIterable<NetworkEvent> {
    return this.#transport.events(options);
  }

  #handle<N extends BaseNetwork = AnyNetwork>(identity: {
    readonly name: string;
    readonly uuid: string;
  }): NetworkHandle<N> {
    return new NetworkHandle<N>(this.#transport, this.#queue, identity);
  }

  async #find<N extends BaseNetwork>(name: string, options: CallOptions): Promise<NetworkHandle<N>> {
    return this.#handle<N>(await this.#transport.call('network.lookup', { network: name }, options));
  }

  /** Without its uuid libvirt takes a known name for a conflict; without MAC and bridge name guests would lose the gateway. */
  async #withIdentity<N extends BaseNetwork>(network: N, options: DefineOptions): Promise<N> {
    const { libvirt: _, validate: __, ...call } = options;
    const there = await this.#definitionOf(network.name, call);
    if (there === undefined || (network.uuid !== undefined && network.uuid !== there.uuid)) return network;
    const { uuid, mac, bridge } = there.document;
    const isVirtual = ['nat', 'route', 'open', 'isolated'].includes(network.kind);
    return network.with({
      uuid: network.uuid ?? uuid,
      ...(isVirtual && network.document.mac === undefined ? { mac } : {}),
      ...(isVirtual && network.document.bridge?.name === undefined && bridge?.name !== undefined
        ? { bridge: { ...network.document.bridge, name: bridge.name } }
        : {}),
    });
  }

  async #definitionOf(network: string, call: CallOptions): Promise<AnyNetwork | undefined> {
    try {
      return Network.parse(await this.#transport.call('network.dump', { network, inactive: true }, call));
    } catch (error) {
      if (error instanceof TransportError && error.code === 'NETWORK_NOT_FOUND') return undefined;
      throw error;
    }
  }
}

/** The network interfaces of a host, as libvirt's interface driver shows them. */
export class Interfaces {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All interfaces with their state. */
  list(options: CallOptions = {}): Promise<readonly InterfaceState[]> {
    return this.#transport.call('host.interfaces', {}, options);
  }

  /**
   * One interface.
   *
   * @throws {@link TransportError} code `NOT_FOUND`
   */
  async read(name: string, options: CallOptions = {}): Promise<HostInterface> {
    return readHostInterface(await this.#transport.call('interface.dump', { name }, options));
  }
}

/** A connection to one libvirt daemon. */
export class Host implements AsyncDisposable {
  /** Its networks. */
  readonly networks: Networks;
  /** Its network interfaces; read only. */
  readonly interfaces: Interfaces;
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
    this.networks = new Networks(transport);
    this.interfaces = new Interfaces(transport);
  }

  /** Releases of both ends, as far as the transport can tell. */
  info(options: CallOptions = {}): Promise<HostVersions> {
    return this.#transport.call('host.versions', {}, options);
  }

  /** Ends what is running and closes the transport. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  /** The same as {@link Host.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Connects to a host. Nothing is sent before the first call.
 *
 * @param transport - the way to the daemon, such as `virsh({ uri: 'qemu:///system' })` of `libvirt-network/virsh`
 *
 * @example
 * ```ts
 * await using host = connect(virsh({ uri: 'qemu:///system' }));
 * const net = await host.networks.define(lab);
 * await net.start();
 * ```
 */
export const connect = (transport: Transport): Host => new Host(transport);
