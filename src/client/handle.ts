import { LibvirtError, TransportError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import { type AnyNetwork, Network } from '../model/network.js';
import { readNetworkPort, writeNetworkPort } from '../schema/companion.js';
import type { NetworkPort } from '../schema/networkport.js';
import { readXml } from '../xml/read.js';
import { writeXml } from '../xml/write.js';
import { budget, type Rest } from './budget.js';
import { after, type Subject } from './failure.js';
import { diagnosis, type LeaseWanted, newestOf, wantedBy } from './leases.js';
import { type MetadataNamespace, withoutNamespace } from './metadata.js';
import type { CallOptions, Copies, LeaseRecord, NetworkState, Transport, UpdateSection } from './operations.js';
import { poll, WAIT_MS, type WaitOptions } from './poll.js';
import type { PerNetwork } from './queue.js';
import { type CommandFor, type Definitions, type EntryFor, updateSteps } from './update.js';

/** Which definition {@link NetworkHandle.read} gives. */
export interface ReadOptions extends CallOptions {
  /** The stored one, which the next start uses. Default: the running one where there is one. */
  readonly inactive?: boolean | undefined;
}

/** Options of {@link NetworkHandle.update}. */
export interface UpdateOptions extends CallOptions {
  /** Which copies are changed. Default: the running one and the stored one, as far as they are there. */
  readonly copies?: Partial<Copies> | undefined;
}

/** A network's identity, as a list or a look-up gives it. */
export interface Identity<N extends BaseNetwork> {
  readonly name: string;
  readonly uuid: string;
  /** The kind that its definition is known to have. */
  readonly kind?: N['kind'];
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
  readonly #transport: Transport;
  readonly #queue: PerNetwork;
  readonly #kind: N['kind'] | undefined;

  /** @internal */
  constructor(transport: Transport, queue: PerNetwork, { name, uuid, kind }: Identity<N>) {
    this.#transport = transport;
    this.#queue = queue;
    this.#kind = kind;
    this.name = name;
    this.uuid = uuid;
  }

  /**
   * Starts the network.
   *
   * @throws {@link OperationError} codes `NETWORK_ACTIVE`, `SUBNET_IN_USE`, `BRIDGE_EXISTS`, `BRIDGE_NAME_TOO_LONG`,
   *   `DNSMASQ_PORT_IN_USE`, `FIREWALL_FAILED`, `FIREWALLD_ZONE_MISSING`, `ACCEPT_RA`, ...
   */
  start(options: CallOptions = {}): Promise<void> {
    return this.#inTurn('network.start', options, (rest) => this.#transport.call('network.start', this.#self, rest()));
  }

  /**
   * Stops the network, whether guests use it or not: they lose their link. A transient network is gone then.
   *
   * @throws {@link OperationError} code `NETWORK_INACTIVE`
   */
  destroy(options: CallOptions = {}): Promise<void> {
    return this.#inTurn('network.destroy', options, (rest) =>
      this.#transport.call('network.destroy', this.#self, rest()),
    );
  }

  /**
   * Removes the stored definition. A running network goes on as a transient one.
   *
   * @throws {@link OperationError} code `NETWORK_TRANSIENT`
   */
  undefine(options: CallOptions = {}): Promise<void> {
    return this.#inTurn('network.undefine', options, (rest) =>
      this.#transport.call('network.undefine', this.#self, rest()),
    );
  }

  /**
   * Says whether the network starts with the daemon. Nothing is started now.
   *
   * @param enabled - whether it does
   * @throws {@link OperationError} code `NETWORK_TRANSIENT`
   */
  setAutostart(enabled: boolean, options: CallOptions = {}): Promise<void> {
    return this.#inTurn('network.autostart', options, (rest) =>
      this.#transport.call('network.autostart', { ...this.#self, enabled }, rest()),
    );
  }

  /** Whether it runs, is stored and starts by itself. */
  info(options: CallOptions = {}): Promise<NetworkState> {
    return this.#inTurn('network.lookup', options, (rest) => this.#state(rest));
  }

  /**
   * The network's definition.
   *
   * @throws {@link ValidationError} when libvirt printed what its own parser would refuse, {@link LibvirtError} code
   *   `UNEXPECTED_REPLY` when the network has become one of another kind
   */
  async read({ inactive, ...options }: ReadOptions = {}): Promise<N> {
    const network = await this.#inTurn('network.dump', options, (rest) => this.#dump(rest, inactive));
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
   *   `INVALID_ARGUMENT` when several entries are meant, {@link ValidationError} when the entry breaks rules
   */
  update<K extends UpdateSection, C extends CommandFor<K>>(
    section: K,
    command: C,
    entry: EntryFor<K, C>,
    { copies, ...options }: UpdateOptions = {},
  ): Promise<void> {
    return this.#inTurn('network.update', options, async (rest) => {
      const definitions = await this.#definitions(copies, rest);
      // A whole entry has all that a part of one can have.
      const part: Partial<EntryFor<K, 'delete'>> = entry;
      const steps = updateSteps(definitions, { section, command, entry: part });
      const [first, second] = steps.map(
        (step) => () => this.#transport.call('network.update', { ...this.#self, section, command, ...step }, rest()),
      );
      await first?.();
      await second?.().catch((error: unknown) => {
        throw after(error, 'the stored definition was changed');
      });
    });
  }

  /** The leases that dnsmasq has given out, the newest for each MAC address and family; since libvirt 1.2.6. */
  async leases(options: CallOptions = {}): Promise<readonly LeaseRecord[]> {
    const leases = await this.#inTurn('network.leases', options, (rest) =>
      this.#transport.call('network.leases', this.#self, rest()),
    );
    return newestOf(leases);
  }

  /**
   * Waits until a guest has an address.
   *
   * @param wanted - whose
   * @throws {@link TransportError} code `TIMEOUT` after `timeoutMs`, with what may be the matter as its hint
   */
  async waitForLease(wanted: LeaseWanted, options: WaitOptions = {}): Promise<LeaseRecord> {
    const fits = wantedBy(wanted);
    try {
      return await poll(this.#subject('network.wait'), options, async (look) => (await this.leases(look)).find(fits));
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const who = wanted.mac ?? wanted.hostname;
      const situation = await this.#situation().catch(() => undefined);
      throw this.#late(`has no lease for ${who}`, options, situation ?? error.hint);
    }
  }

  /**
   * Waits until the network runs, or does not. One that is gone is `inactive` too.
   *
   * @param state - what is waited for
   * @throws {@link TransportError} code `TIMEOUT` after `timeoutMs`
   */
  async waitUntil(state: 'active' | 'inactive' | 'gone', options: WaitOptions = {}): Promise<void> {
    const look = async (call: CallOptions): Promise<true | undefined> => {
      const now = await this.info(call).catch(gone);
      const seen = now === undefined ? state !== 'active' : state === (now.active ? 'active' : 'inactive');
      return seen || undefined;
    };
    try {
      await poll(this.#subject('network.wait'), options, look);
    } catch (error) {
      throw isTimeout(error) ? this.#late(`is not ${state}`, options, error.hint) : error;
    }
  }

  /** The guests' ports on the running network; since libvirt 5.5. */
  ports(options: CallOptions = {}): Promise<readonly NetworkPort[]> {
    return this.#inTurn('network.ports', options, async (rest) => {
      const uuids = await this.#transport.call('network.ports', this.#self, rest());
      const ports: NetworkPort[] = [];
      for (const port of uuids)
        ports.push(readNetworkPort(await this.#transport.call('port.dump', { ...this.#self, port }, rest())));
      return ports;
    });
  }

  /**
   * Makes a port by hand; since libvirt 5.5.
   *
   * @param port - with a uuid and without a plug, which libvirt adds
   */
  createPort(port: NetworkPort, options: CallOptions = {}): Promise<void> {
    const xml = writeNetworkPort(port);
    return this.#inTurn('port.create', options, (rest) =>
      this.#transport.call('port.create', { ...this.#self, xml }, rest()),
    );
  }

  /**
   * Removes a port; since libvirt 5.5.
   *
   * @param port - its uuid
   * @throws {@link OperationError} code `NOT_FOUND`
   */
  deletePort(port: string, options: CallOptions = {}): Promise<void> {
    return this.#inTurn('port.delete', options, (rest) =>
      this.#transport.call('port.delete', { ...this.#self, port }, rest()),
    );
  }

  /**
   * What an application keeps with the network, or nothing when there is none.
   *
   * @param namespace - the application's, such as {@link xmlMetadata} makes one
   * @throws whatever its `read` throws
   */
  getMetadata<T>(namespace: MetadataNamespace<T>, { inactive, ...options }: ReadOptions = {}): Promise<T | undefined> {
    const { uri } = namespace;
    return this.#inTurn('metadata.get', options, async (rest) => {
      try {
        const xml = await this.#transport.call('metadata.get', { ...this.#self, uri, inactive }, rest());
        return xml === undefined ? undefined : namespace.read(readXml(xml).root);
      } catch (error) {
        if (!isTooOld(error)) throw error;
        // Before 9.7 the definition has it all the same.
        const element = (await this.#dump(rest, inactive)).metadata(uri);
        return element === undefined ? undefined : namespace.read(withoutNamespace(element, uri));
      }
    });
  }

  /**
   * Keeps a value with the network, running and stored, as far as they are there; since libvirt 9.7.
   *
   * @param namespace - the application's
   * @param value - what its `write` takes
   * @throws {@link TransportError} code `CLIENT_TOO_OLD`, {@link OperationError} code `UNSUPPORTED`
   */
  setMetadata<T>(namespace: MetadataNamespace<T>, value: T, options: CallOptions = {}): Promise<void> {
    return this.#putMetadata(namespace, writeXml(namespace.write(value)).trimEnd(), options);
  }

  /** Takes away what an application keeps with the network; since libvirt 9.7. */
  removeMetadata(
    namespace: Pick<MetadataNamespace<unknown>, 'uri' | 'prefix'>,
    options: CallOptions = {},
  ): Promise<void> {
    return this.#putMetadata(namespace, undefined, options);
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

  get #self(): { readonly network: string; readonly name: string } {
    return { network: this.uuid, name: this.name };
  }

  #subject(operation: Subject['operation']): Subject {
    return { operation, network: this.name, label: this.#transport.label };
  }

  #inTurn<T>(operation: Subject['operation'], options: CallOptions, work: (rest: Rest) => Promise<T>): Promise<T> {
    const rest = budget(options);
    return this.#queue.run(this.name, this.#subject(operation), rest(), () => work(rest));
  }

  #state(rest: Rest): Promise<NetworkState> {
    return this.#transport.call('network.lookup', this.#self, rest());
  }

  async #dump(rest: Rest, inactive: boolean | undefined): Promise<AnyNetwork> {
    return Network.parse(await this.#transport.call('network.dump', { ...this.#self, inactive }, rest()));
  }

  async #definitions(copies: Partial<Copies> = {}, rest: Rest): Promise<Definitions> {
    const { active, persistent } = await this.#state(rest);
    const { live = active, config = persistent } = copies;
    if (!live && !config)
      throw new LibvirtError('INVALID_ARGUMENT', `cannot update network "${this.name}": neither copy is to be changed`);
    return {
      ...(live ? { live: (await this.#dump(rest, false)).document } : {}),
      ...(config ? { config: (await this.#dump(rest, true)).document } : {}),
    };
  }

  #setText(kind: 'title' | 'description', text: string, options: CallOptions): Promise<void> {
    return this.#inTurn('text.set', options, async (rest) => {
      const { active, persistent } = await this.#state(rest);
      await this.#transport.call('text.set', { ...this.#self, kind, text, live: active, config: persistent }, rest());
    });
  }

  #putMetadata(
    { uri, prefix }: Pick<MetadataNamespace<unknown>, 'uri' | 'prefix'>,
    xml: string | undefined,
    options: CallOptions,
  ): Promise<void> {
    return this.#inTurn('metadata.set', options, async (rest) => {
      const { active, persistent } = await this.#state(rest);
      const input = { ...this.#self, uri, key: prefix, xml, live: active, config: persistent };
      await this.#transport.call('metadata.set', input, rest());
    });
  }

  /** Looks why there is no lease; it must not take long. */
  async #situation(): Promise<string> {
    const options = { timeoutMs: SITUATION_MS };
    const [{ active }, network, leases] = [
      await this.info(options),
      await this.#dump(budget(options), false),
      await this.leases(options),
    ];
    return diagnosis({ active, network, leases });
  }

  #late(what: string, { timeoutMs = WAIT_MS }: WaitOptions, hint: string | undefined): TransportError {
    const about = { operation: 'network.wait', network: this.name, hint };
    return new TransportError(
      'TIMEOUT',
      `network "${this.name}" on ${this.#transport.label} ${what} after ${timeoutMs} ms`,
      about,
    );
  }
}

const SITUATION_MS = 5000;

const isKind = <N extends BaseNetwork>(network: BaseNetwork, kind: N['kind'] | undefined): network is N =>
  kind === undefined || network.kind === kind;

const isTimeout = (error: unknown): error is LibvirtError => LibvirtError.is(error) && error.code === 'TIMEOUT';

const isTooOld = (error: unknown): boolean =>
  LibvirtError.is(error) && (error.code === 'CLIENT_TOO_OLD' || error.code === 'UNSUPPORTED');

/** A network that is gone has no state; other errors go on. */
function gone(error: unknown): undefined {
  if (LibvirtError.is(error) && error.code === 'NETWORK_NOT_FOUND') return undefined;
  throw error;
}
