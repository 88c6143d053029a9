import { CALL_OPTIONS, type CallOptions } from '../async/deadline.js';
import { LibvirtError } from '../errors/index.js';
import { optionsOf } from '../options/options.js';
import type { HostInterface } from '../schema/interface.js';
import type { Capabilities, InterfaceState, Transport } from '../transport/operations.js';
import { expectTransport } from './arguments.js';
import { Networks } from './networks.js';
import { readHostInterface } from './texts.js';

/** The network interfaces of a host, as libvirt's interface driver shows them; read only. */
export class Interfaces {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * All interfaces with their state.
   *
   * @throws {@link OperationError} code `UNSUPPORTED` when the URI's driver has no interfaces
   */
  async list(options: CallOptions = {}): Promise<readonly InterfaceState[]> {
    return this.#transport.call('host.interfaces', {}, optionsOf(options, CALL_OPTIONS, 'list'));
  }

  /**
   * Reads a host interface.
   *
   * @param name - device name
   * @throws {@link OperationError} code `NOT_FOUND`
   */
  async read(name: string, options: CallOptions = {}): Promise<HostInterface> {
    return readHostInterface(
      await this.#transport.call('interface.dump', { name }, optionsOf(options, CALL_OPTIONS, 'read')),
    );
  }
}

/** The transport of each host: what works with a host from another entry reaches it by {@link transportOf}. */
const transports = /* @__PURE__ */ new WeakMap<Host, Transport>();

/**
 * Returns the transport of a host. For the library's own entries.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for what is not a host
 */
export function transportOf(host: Host): Transport {
  const transport = transports.get(host);
  if (transport !== undefined) return transport;
  throw new LibvirtError('INVALID_ARGUMENT', 'expected a host that connect() returned');
}

/** A connection to one libvirt daemon. */
export class Host implements AsyncDisposable {
  /** Names the daemon, without secrets. */
  readonly label: string;
  /** Its networks. */
  readonly networks: Networks;
  /** Its network interfaces. */
  readonly interfaces: Interfaces;
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    expectTransport(transport);
    this.#transport = transport;
    transports.set(this, transport);
    this.label = transport.label;
    this.networks = new Networks(transport);
    this.interfaces = new Interfaces(transport);
  }

  /** Releases of both ends and what they lack, as far as the transport can tell. */
  async info(options: CallOptions = {}): Promise<Capabilities> {
    return this.#transport.call('host.capabilities', {}, optionsOf(options, CALL_OPTIONS, 'info'));
  }

  /** Ends what is running and closes the transport. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  /** The same as {@link Host.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The class and the daemon: `Host qemu:///system`. */
  toString(): string {
    return `Host ${this.label}`;
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
