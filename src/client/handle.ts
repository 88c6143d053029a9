import type { CallOptions, Rest } from '../async/deadline.js';
import { LibvirtError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import type { AnyNetwork } from '../model/network.js';
import type { NetworkPort } from '../schema/networkport.js';
import { writeNetworkPort } from '../schema/small-formats/networkport.js';
import type { UpdateSection } from '../schema/update/sections.js';
import { after } from '../transport/libvirt-error.js';
import type { Copies, LeaseRecord, NetworkState } from '../transport/operations.js';
import { writeXml } from '../xml/write.js';
import { withLoss } from './bridge-guard.js';
import { getMetadata, type MetadataKey, type MetadataNamespace, putMetadata } from './metadata.js';
import { type Connection, type Identity, Live } from './network-ref.js';
import type { UnreadableOptions } from './state/definition.js';
import { readPorts } from './state/ports.js';
import { type CommandFor, type Definitions, type EntryFor, updateSteps } from './update/update-requests.js';
import type { LeaseWanted } from './wait/leases.js';
import type { WaitOptions } from './wait/poll.js';
import { leasesOf, waitForLease, waitUntil } from './wait/wait.js';

/** Which definition {@link NetworkHandle.read} gives. */
export interface ReadOptions extends CallOptions {
  /** The stored one, which the next start uses. Default: the running one where there is one. */
  readonly inactive?: boolean | undefined;
}

/** Options of {@link NetworkHandle.update}. */
export interface UpdateOptions extends CallOptions, UnreadableOptions {
  /** Which copies are changed. Default: the running one and the stored one, as far as they are there. */
  readonly copies?: Partial<Copies> | undefined;
}

/**
 * A network on a host: the thing itself, not its description, which {@link NetworkHandle.read} gives. Calls on
 * one network wait for each other. Everything takes `{ signal, timeoutMs }` last; after an abort or a timeout
 * {@link mayHaveChanged} tells whether the change may have happened.
 *
 * Whatever a method says it throws, it also throws {@link TransportError} when libvirt could not be asked, and
 * {@link OperationError} with code `NETWORK_NOT_FOUND` when the network is gone.
 */
export class NetworkHandle<N extends BaseNetwork = AnyNetwork> {
  /** The network's name; libvirt cannot change it. */
  readonly name: string;
  /** The network's identity, which calls go by. */
  readonly uuid: string;
  readonly #live: Live;
  readonly #kind: N['kind'] | undefined;

  /** @internal */
  constructor(connection: Connection, { name, uuid, kind }: Identity<N>) {
    this.#live = new Live(connection, name, uuid);
    this.#kind = kind;
    this.name = name;
    this.uuid = uuid;
  }

  /**
   * Starts the network. Since libvirt 10.8 a start that fails takes away the device that has the name of the bridge,
   * whosever it is: there such a start is refused before it is tried, as far as the URI's driver tells the host's devices.
   *
   * @throws {@link OperationError} codes `NETWORK_ACTIVE`, `SUBNET_IN_USE`, `BRIDGE_EXISTS`, `BRIDGE_NAME_TOO_LONG`,
   *   `DNSMASQ_PORT_IN_USE`, `FIREWALL_FAILED`, `FIREWALLD_ZONE_MISSING`, `ACCEPT_RA`, ...
   */
  start(options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('network.start', options, async (rest) => {
      const { guard, transport, self } = this.#live;
      const isNeeded = await guard.isNeeded(rest);
      if (isNeeded) await this.#assertStartable(rest);
      await transport.call('network.start', self, rest()).catch((error: unknown) => {
        throw isNeeded ? withLoss(error) : error;
      });
    });
  }

  /**
   * Stops the network, whether guests use it or not: they lose their link. A transient network is gone then.
   *
   * @throws {@link OperationError} code `NETWORK_INACTIVE`
   */
  destroy(options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('network.destroy', options, (rest) =>
      this.#live.transport.call('network.destroy', this.#live.self, rest()),
    );
  }

  /**
   * Removes the stored definition. A running network goes on as a transient one.
   *
   * @throws {@link OperationError} code `NETWORK_TRANSIENT`
   */
  undefine(options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('network.undefine', options, (rest) =>
      this.#live.transport.call('network.undefine', this.#live.self, rest()),
    );
  }

  /**
   * Says whether the network starts with the daemon. Nothing is started now.
   *
   * @param enabled - whether it does
   * @throws {@link OperationError} code `NETWORK_TRANSIENT`
   */
  setAutostart(enabled: boolean, options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('network.autostart', options, (rest) =>
      this.#live.transport.call('network.autostart', { ...this.#live.self, enabled }, rest()),
    );
  }

  /** Whether it runs, is stored and starts by itself. */
  info(options: CallOptions = {}): Promise<NetworkState> {
    return this.#live.inTurn('network.lookup', options, (rest) => this.#live.state(rest));
  }

  /**
   * The network's definition.
   *
   * @throws {@link ValidationError} when libvirt printed what its own parser would refuse, {@link LibvirtError} code
   *   `UNEXPECTED_REPLY` when the network has become one of another kind
   */
  async read({ inactive, ...options }: ReadOptions = {}): Promise<N> {
    const network = await this.#live.inTurn('network.dump', options, (rest) => this.#live.dump(rest, inactive));
    if (isKind<N>(network, this.#kind)) return network;
    throw new LibvirtError('UNEXPECTED_REPLY', `network "${this.name}" is of kind ${network.kind}, not ${this.#kind}`, {
      network: this.name,
      hint: 'somebody has defined it anew: get a handle of it with networks.get()',
    });
  }

  /**
   * Changes an entry without a restart: in the running network and in its stored definition, as far as they are
   * there. DHCP entries go to the subnet that holds their address. To be deleted, an entry must be told from the others;
   * what is deleted is the entry that is stored, by all its properties. Since libvirt 0.10.2, see
   * {@link ModifiableSection}. Source: `net-update` in virsh's manual.
   *
   * @param section - what kind of entry
   * @param command - what to do with it; a modified entry is replaced whole
   * @param entry - the entry
   * @throws {@link OperationError} and {@link LibvirtError} code `UPDATE_REFUSED`, {@link LibvirtError} code
   *   `INVALID_ARGUMENT` when several entries are meant, code `UNREADABLE` when a definition that is to be changed cannot be
   *   read, {@link ValidationError} when the entry breaks rules
   */
  update<K extends UpdateSection, C extends CommandFor<K>>(
    section: K,
    command: C,
    entry: EntryFor<K, C>,
    { copies, replaceUnreadable, ...options }: UpdateOptions = {},
  ): Promise<void> {
    return this.#live.inTurn('network.update', options, async (rest) => {
      const definitions = await this.#definitions({ copies, replaceUnreadable }, rest);
      // A whole entry has all that a part of one can have.
      const part: Partial<EntryFor<K, 'delete'>> = entry;
      const steps = updateSteps(definitions, { section, command, entry: part });
      const [first, second] = steps.map(
        (step) => () =>
          this.#live.transport.call('network.update', { ...this.#live.self, section, command, ...step }, rest()),
      );
      await first?.();
      await second?.().catch((error: unknown) => {
        throw after(error, 'the stored definition was changed');
      });
    });
  }

  /** The leases that dnsmasq has given out, the newest for each MAC address and family; since libvirt 1.2.6. */
  leases(options: CallOptions = {}): Promise<readonly LeaseRecord[]> {
    return leasesOf(this.#live, options);
  }

  /**
   * Waits until a guest has an address.
   *
   * @param wanted - whose
   * @throws {@link TransportError} code `TIMEOUT` after `timeoutMs`, with what may be the matter as its hint
   */
  waitForLease(wanted: LeaseWanted, options: WaitOptions = {}): Promise<LeaseRecord> {
    return waitForLease(this.#live, wanted, options);
  }

  /**
   * Waits until the network runs, or does not. One that is gone is `inactive` too.
   *
   * @param state - what is waited for
   * @throws {@link TransportError} code `TIMEOUT` after `timeoutMs`
   */
  waitUntil(state: 'active' | 'inactive' | 'gone', options: WaitOptions = {}): Promise<void> {
    return waitUntil(this.#live, state, options);
  }

  /** The guests' ports on the running network; since libvirt 5.5. */
  ports(options: CallOptions = {}): Promise<readonly NetworkPort[]> {
    return this.#live.inTurn('network.ports', options, (rest) =>
      readPorts(this.#live.transport, this.#live.self, rest),
    );
  }

  /**
   * Makes a port by hand; since libvirt 5.5.
   *
   * @param port - with a uuid and without a plug, which libvirt adds
   */
  createPort(port: NetworkPort, options: CallOptions = {}): Promise<void> {
    const xml = writeNetworkPort(port);
    return this.#live.inTurn('port.create', options, (rest) =>
      this.#live.transport.call('port.create', { ...this.#live.self, xml }, rest()),
    );
  }

  /**
   * Removes a port; since libvirt 5.5.
   *
   * @param port - its uuid
   * @throws {@link OperationError} code `NOT_FOUND`
   */
  deletePort(port: string, options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('port.delete', options, (rest) =>
      this.#live.transport.call('port.delete', { ...this.#live.self, port }, rest()),
    );
  }

  /**
   * What an application keeps with the network, or nothing when there is none.
   *
   * @param namespace - the application's, such as {@link xmlMetadata} makes one
   * @throws whatever its `read` throws
   */
  getMetadata<T>(namespace: MetadataNamespace<T>, { inactive, ...options }: ReadOptions = {}): Promise<T | undefined> {
    return getMetadata(this.#live, namespace, inactive, options);
  }

  /**
   * Keeps a value with the network, running and stored, as far as they are there; since libvirt 9.7.
   *
   * @param namespace - the application's
   * @param value - what its `write` takes
   * @throws {@link TransportError} code `CLIENT_TOO_OLD`, {@link OperationError} code `UNSUPPORTED`
   */
  setMetadata<T>(namespace: MetadataNamespace<T>, value: T, options: CallOptions = {}): Promise<void> {
    return putMetadata(this.#live, namespace, writeXml(namespace.write(value)).trimEnd(), options);
  }

  /** Takes away what an application keeps with the network; since libvirt 9.7. */
  removeMetadata(namespace: MetadataKey, options: CallOptions = {}): Promise<void> {
    return putMetadata(this.#live, namespace, undefined, options);
  }

  /**
   * Sets the line for people; since libvirt 9.7.
   *
   * @param text - empty takes it away
   */
  setTitle(text: string, options: CallOptions = {}): Promise<void> {
    return this.#setText('title', text, options);
  }

  /**
   * Sets the text for people; since libvirt 9.7.
   *
   * @param text - empty takes it away
   */
  setDescription(text: string, options: CallOptions = {}): Promise<void> {
    return this.#setText('description', text, options);
  }

  async #assertStartable(rest: Rest): Promise<void> {
    if ((await this.#live.state(rest)).active) return;
    const { document } = await this.#live.dump(rest, true);
    await this.#live.guard.assertFree(document, this.#live.subject('network.start'), rest);
  }

  async #definitions({ copies = {}, ...options }: UpdateOptions, rest: Rest): Promise<Definitions> {
    const { active, persistent } = await this.#live.state(rest);
    const { live = active, config = persistent } = copies;
    if (!live && !config)
      throw new LibvirtError('INVALID_ARGUMENT', `cannot update network "${this.name}": neither copy is to be changed`);
    return {
      ...(live ? { live: await this.#live.known('live', options, rest) } : {}),
      ...(config ? { config: await this.#live.known('stored', options, rest) } : {}),
    };
  }

  #setText(kind: 'title' | 'description', text: string, options: CallOptions): Promise<void> {
    return this.#live.inTurn('text.set', options, async (rest) => {
      const { active, persistent } = await this.#live.state(rest);
      const input = { ...this.#live.self, kind, text, live: active, config: persistent };
      await this.#live.transport.call('text.set', input, rest());
    });
  }
}

const isKind = <N extends BaseNetwork>(network: BaseNetwork, kind: N['kind'] | undefined): network is N =>
  kind === undefined || network.kind === kind;
