import { CALL_OPTIONS, type CallOptions, type RemainingTime } from '../async/deadline.js';
import { LibvirtError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import type { AnyNetwork } from '../model/network.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import type { NetworkDocument } from '../schema/network/network.js';
import type { NetworkPort } from '../schema/networkport.js';
import type { UpdateSection } from '../schema/update/sections.js';
import { withOutcome } from '../transport/libvirt-error.js';
import type { Copies } from '../transport/op.js';
import type { LeaseRecord, NetworkState } from '../transport/operations.js';
import { printXml } from '../xml/write.js';
import type { ListedGuest } from './guests/guests.js';
import { getMetadata, type MetadataKey, type MetadataNamespace, putMetadata } from './metadata.js';
import { type Connection, type Identity, NetworkRef } from './network-ref.js';
import type { UnreadableOptions } from './state/definition.js';
import { readPorts } from './state/ports.js';
import { writePort } from './texts.js';
import type { CommandFor, Definitions, EntryFor } from './update/update-requests.js';
import type { LeaseWanted } from './wait/leases.js';
import type { WaitOptions } from './wait/poll.js';
import { readLeases, waitForLease, waitUntil } from './wait/wait.js';

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

const READ_OPTIONS: OptionNames<ReadOptions> = { ...CALL_OPTIONS, inactive: true };
const UPDATE_OPTIONS: OptionNames<UpdateOptions> = { ...CALL_OPTIONS, copies: true, replaceUnreadable: true };
const COPIES: OptionNames<Copies> = { live: true, config: true };

/**
 * A network on a host. {@link NetworkHandle.read} returns its definition. Calls on one network run one after another. Every method takes `{ signal, timeoutMs }` last; after an abort or a timeout {@link mayHaveChanged} tells whether the change may have been applied.
 *
 * Whatever a method says it throws, it also throws {@link TransportError} when libvirt could not be asked, and
 * {@link OperationError} with code `NETWORK_NOT_FOUND` when the network is gone.
 */
export class NetworkHandle<N extends BaseNetwork = AnyNetwork> {
  /** The network's name; libvirt cannot change it. */
  readonly name: string;
  /** The network's identity, which calls go by. */
  readonly uuid: string;
  readonly #live: NetworkRef;
  readonly #kind: N['kind'] | undefined;

  /** @internal */
  constructor(connection: Connection, { name, uuid, kind }: Identity<N>) {
    this.#live = new NetworkRef(connection, name, uuid);
    this.#kind = kind;
    this.name = name;
    this.uuid = uuid;
  }

  /**
   * Starts the network. Since libvirt 10.8, a start that fails deletes the device that has the name of the bridge, whoever it belongs to. Such a start is refused before it is tried, as far as the URI's driver reports the host's devices.
   *
   * @throws {@link OperationError} codes `NETWORK_ACTIVE`, `SUBNET_IN_USE`, `BRIDGE_EXISTS`, `BRIDGE_NAME_TOO_LONG`,
   *   `DNSMASQ_PORT_IN_USE`, `FIREWALL_FAILED`, `FIREWALLD_ZONE_MISSING`, `ACCEPT_RA`, ...
   */
  start(options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('network.start', options, async (remaining) => {
      const { guard, transport, self } = this.#live;
      const subject = this.#live.subject('network.start');
      await guard.start({ subject, definition: () => this.#nextDefinition(remaining) }, remaining, () =>
        transport.call('network.start', self, remaining()),
      );
    });
  }

  /**
   * Stops the network. Guests that use it lose their link. A transient network no longer exists afterwards.
   *
   * @throws {@link OperationError} code `NETWORK_INACTIVE`
   */
  destroy(options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('network.destroy', options, (remaining) =>
      this.#live.transport.call('network.destroy', this.#live.self, remaining()),
    );
  }

  /**
   * Removes the stored definition. A running network continues as a transient one.
   *
   * @throws {@link OperationError} code `NETWORK_TRANSIENT`
   */
  undefine(options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('network.undefine', options, (remaining) =>
      this.#live.transport.call('network.undefine', this.#live.self, remaining()),
    );
  }

  /**
   * Sets whether the network starts with the daemon. It does not start the network now.
   * @param enabled - true to start it with the daemon
   * @throws {@link OperationError} code `NETWORK_TRANSIENT`
   */
  setAutostart(enabled: boolean, options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('network.autostart', options, (remaining) =>
      this.#live.transport.call('network.autostart', { ...this.#live.self, enabled }, remaining()),
    );
  }

  /** Returns whether the network is running, stored and started with the daemon. */
  info(options: CallOptions = {}): Promise<NetworkState> {
    return this.#live.inTurn('network.lookup', options, (remaining) => this.#live.state(remaining));
  }

  /**
   * The network's definition.
   *
   * @throws {@link ValidationError} when libvirt printed what its own parser would refuse, {@link LibvirtError} code
   *   `UNEXPECTED_REPLY` when the network has become one of another kind
   */
  async read(options: ReadOptions = {}): Promise<N> {
    const { inactive, ...call } = optionsOf(options, READ_OPTIONS, 'read');
    const network = await this.#live.inTurn('network.dump', call, (remaining) => this.#live.dump(remaining, inactive));
    if (isKind<N>(network, this.#kind)) return network;
    throw new LibvirtError('UNEXPECTED_REPLY', `network "${this.name}" is of kind ${network.kind}, not ${this.#kind}`, {
      network: this.name,
      hint: 'somebody redefined it: get a new handle with networks.get()',
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
   *   `INVALID_ARGUMENT` when several entries are meant, `UNREADABLE` when a definition to be changed cannot be read,
   *   {@link ValidationError} when the entry breaks rules
   */
  async update<K extends UpdateSection, C extends CommandFor<K>>(
    section: K,
    command: C,
    entry: EntryFor<K, C>,
    options: UpdateOptions = {},
  ): Promise<void> {
    const { copies, replaceUnreadable, ...call } = optionsOf(options, UPDATE_OPTIONS, 'update');
    return this.#live.inTurn('network.update', call, async (remaining) => {
      const definitions = await this.#definitions({ copies, replaceUnreadable }, remaining);
      const { planUpdateRequests } = await import('./update/update-requests.js');
      // A whole entry has all that a part of one can have.
      const part: Partial<EntryFor<K, 'delete'>> = entry;
      const steps = planUpdateRequests(definitions, { section, command, entry: part });
      const [first, second] = steps.map(
        (step) => () =>
          this.#live.transport.call('network.update', { ...this.#live.self, section, command, ...step }, remaining()),
      );
      await first?.();
      await second?.().catch((error: unknown) => {
        throw withOutcome(error, 'the stored definition was changed');
      });
    });
  }

  /** The leases that dnsmasq has given out, the newest for each MAC address and family; since libvirt 1.2.6. */
  leases(options: CallOptions = {}): Promise<readonly LeaseRecord[]> {
    return readLeases(this.#live, options);
  }

  /**
   * Waits until a guest has a lease. libvirt has no event for that, so it looks at the leases every `everyMs` milliseconds.
   *
   * @param wanted - MAC address or host name of the guest
   * @throws {@link TransportError} code `TIMEOUT` after `timeoutMs`; its hint names the likely cause
   */
  waitForLease(wanted: LeaseWanted, options: WaitOptions = {}): Promise<LeaseRecord> {
    return waitForLease(this.#live, wanted, options);
  }

  /**
   * Waits until the network runs, or does not. One that is gone is `inactive` too. Over the socket it ends with libvirt's event,
   * and at the latest with a look every `everyMs` milliseconds.
   *
   * @param state - what is waited for
   * @throws {@link TransportError} code `TIMEOUT` after `timeoutMs`
   */
  waitUntil(state: 'active' | 'inactive' | 'gone', options: WaitOptions = {}): Promise<void> {
    return waitUntil(this.#live, state, options);
  }

  /** The guests' ports on the running network; since libvirt 5.5. */
  ports(options: CallOptions = {}): Promise<readonly NetworkPort[]> {
    return this.#live.inTurn('network.ports', options, (remaining) =>
      readPorts(this.#live.transport, this.#live.self, remaining),
    );
  }

  /**
   * Makes a port by hand; since libvirt 5.5.
   *
   * @param port - with a uuid and without a plug, which libvirt adds
   */
  createPort(port: NetworkPort, options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('port.create', options, async (remaining) => {
      const xml = await writePort(port);
      await this.#live.transport.call('port.create', { ...this.#live.self, xml }, remaining());
    });
  }

  /**
   * Removes a port; since libvirt 5.5.
   *
   * @param port - its uuid
   * @throws {@link OperationError} code `NOT_FOUND`
   */
  deletePort(port: string, options: CallOptions = {}): Promise<void> {
    return this.#live.inTurn('port.delete', options, (remaining) =>
      this.#live.transport.call('port.delete', { ...this.#live.self, port }, remaining()),
    );
  }

  /**
   * Returns the metadata that an application stores with the network; nothing if there is none.
   *
   * @param namespace - the application's namespace, for example from {@link xmlMetadata}
   * @throws whatever its `read` throws
   */
  async getMetadata<T>(namespace: MetadataNamespace<T>, options: ReadOptions = {}): Promise<T | undefined> {
    const { inactive, ...call } = optionsOf(options, READ_OPTIONS, 'getMetadata');
    return getMetadata(this.#live, namespace, inactive, call);
  }

  /**
   * Keeps a value with the network, running and stored, as far as they are there; since libvirt 9.7.
   *
   * @param namespace - the application's
   * @param value - what its `write` takes
   * @throws {@link TransportError} code `CLIENT_TOO_OLD`, {@link OperationError} code `UNSUPPORTED`
   */
  setMetadata<T>(namespace: MetadataNamespace<T>, value: T, options: CallOptions = {}): Promise<void> {
    return putMetadata(this.#live, namespace, printXml(namespace.write(value)).trimEnd(), options);
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

  /** The class and the name: `NetworkHandle lab`. */
  toString(): string {
    return `NetworkHandle ${this.name}`;
  }

  /** The definition that a start would use; none for a running network, whose start libvirt refuses. */
  async #nextDefinition(remaining: RemainingTime): Promise<NetworkDocument | undefined> {
    if ((await this.#live.state(remaining)).active) return undefined;
    return (await this.#live.dump(remaining, true)).document;
  }

  async #definitions({ copies = {}, ...options }: UpdateOptions, remaining: RemainingTime): Promise<Definitions> {
    const { active, persistent } = await this.#live.state(remaining);
    const { live = active, config = persistent } = optionsOf(copies, COPIES, 'copies of update');
    if (!live && !config)
      throw new LibvirtError(
        'INVALID_ARGUMENT',
        `cannot update network "${this.name}": copies selects neither live nor config`,
      );
    return {
      ...(live ? { live: await this.#live.dumpReadable('live', options, remaining) } : {}),
      ...(config ? { config: await this.#live.dumpReadable('stored', options, remaining) } : {}),
    };
  }

  /**
   * Lists the guests that refer to the network, by its name or by its bridge, in what runs or in their stored definitions. Guests
   * that do not run are among them.
   *
   * @throws {@link OperationError} code `UNSUPPORTED` when the URI's driver has no guests
   */
  async guests(options: CallOptions = {}): Promise<readonly ListedGuest[]> {
    const call = optionsOf(options, CALL_OPTIONS, 'guests');
    const { Guests } = await import('./guests/guests.js');
    return new Guests(this.#live.transport).list({ network: this.uuid, ...call });
  }

  #setText(kind: 'title' | 'description', text: string, options: CallOptions): Promise<void> {
    return this.#live.inTurn('text.set', options, async (remaining) => {
      const { active, persistent } = await this.#live.state(remaining);
      const input = { ...this.#live.self, kind, text, live: active, config: persistent };
      await this.#live.transport.call('text.set', input, remaining());
    });
  }
}

const isKind = <N extends BaseNetwork>(network: BaseNetwork, kind: N['kind'] | undefined): network is N =>
  kind === undefined || network.kind === kind;
