import { LibvirtError, TransportError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import { type AnyNetwork, Network } from '../model/network.js';
import { readNetworkPort, writeNetworkPort } from '../schema/companion.js';
import type { NetworkPort } from '../schema/networkport.js';
import { normalizeMac } from '../schema/scalar.js';
import type {
  CallOptions,
  Copies,
  LeaseRecord,
  NetworkState,
  Transport,
  UpdateCommand,
  UpdateSection,
} from './operations.js';
import type { PerNetwork } from './queue.js';
import { entryXml, parentIndexOf, type Sections, storedEntry } from './update.js';

/** Options of {@link NetworkHandle.update}. */
export interface UpdateOptions extends CallOptions {
  /** Which copies are changed. Default: the running one and the stored one, as far as they are there. */
  readonly copies?: Partial<Copies>;
}

/** What to wait for with {@link NetworkHandle.waitForLease}. */
export interface LeaseWanted {
  /** MAC address of the guest's NIC, in any spelling. */
  readonly mac?: string;
  /** Host name that the guest gave. */
  readonly hostname?: string;
}

/** Milliseconds between looks at leases, of which libvirt sends no events. */
const LEASE_POLL_MS = 250;

/**
 * A network on a host: the thing itself, not its description, which {@link NetworkHandle.read} gives. Calls on
 * one network wait for each other.
 */
export class NetworkHandle<N extends BaseNetwork = AnyNetwork> {
  /** The network's name when the handle was made. */
  readonly name: string;
  /** The network's identity, which calls go by. */
  readonly uuid: string;
  readonly #transport: Transport;
  readonly #queue: PerNetwork;

  /** @internal */
  constructor(transport: Transport, queue: PerNetwork, identity: { readonly name: string; readonly uuid: string }) {
    this.#transport = transport;
    this.#queue = queue;
    this.name = identity.name;
    this.uuid = identity.uuid;
  }

  /**
   * Starts the network.
   *
   * @throws {@link TransportError} codes `NETWORK_ACTIVE`, `SUBNET_IN_USE`, `BRIDGE_EXISTS`, `DNSMASQ_PORT_IN_USE`, ...
   */
  start(options: CallOptions = {}): Promise<void> {
    return this.#change(() => this.#transport.call('network.start', { network: this.uuid }, options));
  }

  /**
   * Stops the network, whether guests use it or not: they lose their link. A transient network is gone then.
   *
   * @throws {@link TransportError} code `NETWORK_INACTIVE`
   */
  destroy(options: CallOptions = {}): Promise<void> {
    return this.#change(() => this.#transport.call('network.destroy', { network: this.uuid }, options));
  }

  /** Removes the stored definition; a running network goes on as a transient one. */
  undefine(options: CallOptions = {}): Promise<void> {
    return this.#change(() => this.#transport.call('network.undefine', { network: this.uuid }, options));
  }

  /**
   * Says whether the network starts with the daemon; nothing is started now.
   *
   * @throws {@link TransportError} code `NETWORK_TRANSIENT`
   */
  setAutostart(enabled: boolean, options: CallOptions = {}): Promise<void> {
    return this.#change(() => this.#transport.call('network.autostart', { network: this.uuid, enabled }, options));
  }

  /** Whether it runs, is stored and starts by itself. */
  info(options: CallOptions = {}): Promise<NetworkState> {
    return this.#transport.call('network.lookup', { network: this.uuid }, options);
  }

  /**
   * The network's definition.
   *
   * @param options - `inactive` reads the stored one, which the next start uses. Default: the running one if there is
   */
  async read(options: CallOptions & { readonly inactive?: boolean } = {}): Promise<N> {
    const { inactive = false, ...call } = options;
    const xml = await this.#transport.call('network.dump', { network: this.uuid, inactive }, call);
    // A handle's network keeps its kind, since libvirt redefines by name and uuid only.
    return Network.parse(xml) as BaseNetwork as N;
  }

  /**
   * Changes an entry without a restart, with `net-update`: in the running network and in its stored definition, as
   * far as they are there. The subnet of DHCP entries is found by their address, and `delete` goes by the full entry
   * that is stored.
   *
   * @param section - what kind of entry
   * @param command - what to do with it; libvirt can `modify` few kinds
   * @param entry - the entry
   * @throws {@link TransportError} code `UPDATE_REFUSED`, {@link LibvirtError} code `INVALID_ARGUMENT` when no subnet fits
   */
  update<K extends UpdateSection>(
    section: K,
    command: UpdateCommand,
    entry: Sections[K],
    options: UpdateOptions = {},
  ): Promise<void> {
    const { copies = {}, ...call } = options;
    return this.#change(async () => {
      const state = await this.info(call);
      const live = copies.live ?? state.active;
      const config = copies.config ?? state.persistent;
      const { document } = Network.parse(
        await this.#transport.call('network.dump', { network: this.uuid, inactive: !live }, call),
      );
      const whole = command === 'delete' ? storedEntry(document, section, entry) : entry;
      const parentIndex = parentIndexOf(document, section, whole);
      const xml = entryXml(section, whole);
      await this.#transport.call(
        'network.update',
        {
          network: this.uuid,
          section,
          command,
          xml,
          live,
          config,
          ...(parentIndex === undefined ? {} : { parentIndex }),
        },
        call,
      );
    });
  }

  /** The leases that dnsmasq has given out, the newest for each MAC address and family. */
  async leases(options: CallOptions = {}): Promise<readonly LeaseRecord[]> {
    const leases = await this.#transport.call('network.leases', { network: this.uuid }, options);
    const newest = new Map<string, LeaseRecord>();
    for (const lease of leases) {
      const key = `${lease.family} ${lease.mac}`;
      if (endOf(lease) >= endOf(newest.get(key))) newest.set(key, lease);
    }
    return [...newest.values()];
  }

  /**
   * Waits until a guest has an address.
   *
   * @throws {@link TransportError} code `TIMEOUT` after `timeoutMs`, by default a minute
   */
  async waitForLease(wanted: LeaseWanted, options: CallOptions = {}): Promise<LeaseRecord> {
    const mac = wanted.mac === undefined ? undefined : normalizeMac(wanted.mac);
    if (wanted.mac !== undefined && mac === undefined)
      throw new LibvirtError('INVALID_ARGUMENT', `'${wanted.mac}' is not a MAC address`);
    const until = Date.now() + (options.timeoutMs ?? 60_000);
    for (;;) {
      const leases = await this.leases({ ...options, timeoutMs: Math.max(1, until - Date.now()) });
      const lease = leases.find(
        (one) =>
          (mac === undefined || one.mac === mac) && (wanted.hostname === undefined || one.hostname === wanted.hostname),
      );
      if (lease !== undefined) return lease;
      if (Date.now() >= until) throw this.#late(`no lease for ${mac ?? wanted.hostname ?? 'anybody'}`);
      await pause(Math.min(LEASE_POLL_MS, until - Date.now()), options.signal);
    }
  }

  /**
   * Waits until the network runs, or does not.
   *
   * @throws {@link TransportError} code `TIMEOUT` after `timeoutMs`, by default a minute
   */
  async waitUntil(state: 'active' | 'inactive', options: CallOptions = {}): Promise<void> {
    const until = Date.now() + (options.timeoutMs ?? 60_000);
    while ((await this.info(options)).active !== (state === 'active')) {
      if (Date.now() >= until) throw this.#late(`network "${this.name}" is not ${state}`);
      await pause(Math.min(LEASE_POLL_MS, until - Date.now()), options.signal);
    }
  }

  /** The guests' ports on the running network; since libvirt 5.5. */
  async ports(options: CallOptions = {}): Promise<readonly NetworkPort[]> {
    const uuids = await this.#transport.call('network.ports', { network: this.uuid }, options);
    const dumps = await Promise.all(
      uuids.map((port) => this.#transport.call('port.dump', { network: this.uuid, port }, options)),
    );
    return dumps.map((xml) => readNetworkPort(xml));
  }

  /** Makes a port by hand; libvirt adds the plug. Since libvirt 5.5. */
  createPort(port: NetworkPort, options: CallOptions = {}): Promise<void> {
    return this.#change(() =>
      this.#transport.call('port.create', { network: this.uuid, xml: writeNetworkPort(port) }, options),
    );
  }

  /** Removes a port. */
  deletePort(port: string, options: CallOptions = {}): Promise<void> {
    return this.#change(() => this.#transport.call('port.delete', { network: this.uuid, port }, options));
  }

  /** The XML that an application keeps with the network; since libvirt 9.7. */
  metadata(uri: string, options: CallOptions = {}): Promise<string | undefined> {
    return this.#transport.call('metadata.get', { network: this.uuid, uri }, options);
  }

  /**
   * Keeps XML with the network, in both copies as far as they are there; since libvirt 9.7.
   *
   * @param uri - the application's namespace
   * @param key - the prefix to use
   * @param xml - the element without a prefix; nothing takes it away
   */
  setMetadata(uri: string, key: string, xml: string | undefined, options: CallOptions = {}): Promise<void> {
    return this.#change(async () => {
      const { active, persistent } = await this.info(options);
      await this.#transport.call(
        'metadata.set',
        { network: this.uuid, uri, key, live: active, config: persistent, ...(xml === undefined ? {} : { xml }) },
        options,
      );
    });
  }

  /** Sets the line for people; since libvirt 9.7. */
  setTitle(text: string, options: CallOptions = {}): Promise<void> {
    return this.#setText('title', text, options);
  }

  /** Sets the text for people; since libvirt 9.7. */
  setDescription(text: string, options: CallOptions = {}): Promise<void> {
    return this.#setText('description', text, options);
  }

  #setText(kind: 'title' | 'description', text: string, options: CallOptions): Promise<void> {
    return this.#change(async () => {
      const { active, persistent } = await this.info(options);
      // net-desc takes one copy at a time.
      if (active)
        await this.#transport.call('text.set', { network: this.uuid, kind, text, live: true, config: false }, options);
      if (persistent)
        await this.#transport.call('text.set', { network: this.uuid, kind, text, live: false, config: true }, options);
    });
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.run(this.uuid, work);
  }

  #late(what: string): TransportError {
    return new TransportError('TIMEOUT', `${what} on ${this.#transport.label} in time`, {
      network: this.name,
      hint: 'allow more time with timeoutMs',
    });
  }
}

const endOf = (lease: LeaseRecord | undefined): number =>
  lease === undefined ? Number.NEGATIVE_INFINITY : (lease.expiry?.getTime() ?? Number.POSITIVE_INFINITY);

/** Waits; an abort ends it with the signal's reason. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      },
      Math.max(0, ms),
    );
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
  });
}
