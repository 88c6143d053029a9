import type { CallOptions } from '../async/deadline.js';
import type { UpdateCommand } from '../schema/update/request.js';
import type { UpdateSection } from '../schema/update/sections.js';
import type { FilterOperations } from './filter-operations.js';
import type { GuestEvent, GuestOperations } from './guest-operations.js';
import type { Copies, Op } from './op.js';

/** State of a network, without its definition. */
export interface NetworkState {
  readonly name: string;
  readonly uuid: string;
  /** True while it runs. */
  readonly active: boolean;
  /** True if it has a stored definition. */
  readonly persistent: boolean;
  /** True if it starts with the daemon. */
  readonly autostart: boolean;
  /** The definition, where it was asked for: the live one of active networks, else the stored one. */
  readonly xml?: string;
  /** The stored definition of an active network, where that was asked for. */
  readonly inactiveXml?: string;
}

/** An address that dnsmasq has lent. */
export interface LeaseRecord {
  /** End of the lease; absent for leases that do not expire. */
  readonly expiry?: Date;
  readonly mac: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  /** Prefix of the subnet. */
  readonly prefix: number;
  readonly hostname?: string;
  /** Client id of IPv4, DUID of IPv6. */
  readonly clientId?: string;
}

/** A host interface as libvirt's interface driver lists it. */
export interface InterfaceState {
  readonly name: string;
  readonly active: boolean;
  readonly mac: string;
}

/** Capabilities of a connection, as far as the transport reports them. */
export interface Capabilities {
  /** Release of the client program or library, such as `9.0.0`. */
  readonly client?: string;
  /** Release of the daemon; many a driver does not tell. */
  readonly daemon?: string;
  /** Operations that the client or the daemon is too old for; empty when all are there. */
  readonly missing: readonly Operation[];
}

/** Names a network. */
export interface NetworkInput {
  /** Its uuid or its name. Text of 36 characters that has the form of a uuid is taken for one first. */
  readonly network: string;
  /** The network's name, for messages alone, where `network` is a uuid. */
  readonly name?: string | undefined;
}

/** A network document to define or create. */
export interface DocumentInput {
  /** The `<network>` document. */
  readonly xml: string;
  /** Has the daemon check it against its schema as well; since libvirt 7.7. Default: false. */
  readonly validate?: boolean | undefined;
  /** The network's name, for messages alone. */
  readonly name?: string | undefined;
}

/** Which networks a list holds. Default: all. */
export interface ListInput {
  /** Only those that run, or only those that do not. */
  readonly active?: boolean | undefined;
  /** Only those with a stored definition, or only those without. */
  readonly persistent?: boolean | undefined;
  /** Only those that start with the daemon, or only those that do not. */
  readonly autostart?: boolean | undefined;
  /** True to include each definition: the running one if there is one, else the stored one. Default: false. */
  readonly xml?: boolean | undefined;
  /** True to include the stored definition of active networks beside `xml`. Default: false. */
  readonly inactive?: boolean | undefined;
}

/** Input of `net-update`. */
export interface UpdateInput extends NetworkInput, Copies {
  /** Section of the entry. */
  readonly section: UpdateSection;
  /** Command. */
  readonly command: UpdateCommand;
  /** The entry as an element. */
  readonly xml: string;
  /** Which `<ip>` of the network, counted over both families from 0; DHCP sections only. Default: libvirt's choice. */
  readonly parentIndex?: number | undefined;
}

/** What a transport can be asked of a host and its networks. Source: the virNetwork and virInterface functions of libvirt's API. */
export interface NetworkOperations {
  /** Releases of both ends, and what they lack. */
  'host.capabilities': Op<Record<never, never>, Capabilities>;
  /** The host's network interfaces, as libvirt's interface driver shows them. */
  'host.interfaces': Op<Record<never, never>, readonly InterfaceState[]>;
  /** Returns an interface as an `<interface>` document. */
  'interface.dump': Op<{ readonly name: string }, string>;
  /** Networks with their state, in no particular order. */
  'network.list': Op<ListInput, readonly NetworkState[]>;
  /**
   * Returns the identity and state of a network, with `xml: true` its definitions too, as `network.list` does. A transport that
   * leaves them out is asked for each.
   */
  'network.lookup': Op<NetworkInput & { readonly xml?: boolean | undefined }, NetworkState>;
  /** A network's definition: the running one where there is one, or always the stored one. */
  'network.dump': Op<NetworkInput & { readonly inactive?: boolean | undefined }, string>;
  /** Stores a definition; a running network goes on as it is. */
  'network.define': Op<DocumentInput, undefined>;
  /** Starts a network that is not stored. */
  'network.create': Op<DocumentInput, undefined>;
  /** Starts a stored network. */
  'network.start': Op<NetworkInput, undefined>;
  /** Stops a network; one that is not stored is gone then. */
  'network.destroy': Op<NetworkInput, undefined>;
  /** Removes the stored definition; a running network goes on without one. */
  'network.undefine': Op<NetworkInput, undefined>;
  /** Says whether a network starts with the daemon. */
  'network.autostart': Op<NetworkInput & { readonly enabled: boolean }, undefined>;
  /** Changes one entry; since libvirt 0.10.2. With neither copy it is libvirt's own choice: the running one of an active network. */
  'network.update': Op<UpdateInput, undefined>;
  /** Addresses that are lent now; since libvirt 1.2.6. */
  'network.leases': Op<NetworkInput & { readonly mac?: string | undefined }, readonly LeaseRecord[]>;
  /** Uuids of the ports of a running network; since libvirt 5.5. */
  'network.ports': Op<NetworkInput, readonly string[]>;
  /** Returns a port as a `<networkport>` document; since libvirt 5.5. */
  'port.dump': Op<NetworkInput & { readonly port: string }, string>;
  /** Makes a port; since libvirt 5.5. */
  'port.create': Op<NetworkInput & { readonly xml: string }, undefined>;
  /** Removes a port; since libvirt 5.5. */
  'port.delete': Op<NetworkInput & { readonly port: string }, undefined>;
  /** An application's element without its namespace, or nothing when there is none; since libvirt 9.7. */
  'metadata.get': Op<
    NetworkInput & { readonly uri: string; readonly inactive?: boolean | undefined },
    string | undefined
  >;
  /** Keeps an application's element, given without its namespace; without `xml` it is removed. Since libvirt 9.7. */
  'metadata.set': Op<
    NetworkInput & Copies & { readonly uri: string; readonly key: string; readonly xml?: string | undefined },
    undefined
  >;
  /** Sets title or description; empty text takes it away. Since libvirt 9.7. */
  'text.set': Op<NetworkInput & Copies & { readonly kind: 'title' | 'description'; readonly text: string }, undefined>;
}

/**
 * Everything that a transport can be asked, with plain inputs and outputs. Definitions are XML text as libvirt
 * reads and prints it.
 */
export interface Operations extends NetworkOperations, GuestOperations, FilterOperations {}

/** The name of an operation. */
export type Operation = keyof Operations;

/** A change of a network. */
export interface NetworkEvent {
  /** `gap`: events may be missing here, since the reader was slow or the connection was lost. Read the state again. */
  readonly type: 'defined' | 'undefined' | 'started' | 'stopped' | 'metadata-changed' | 'gap';
  /** Name of the network; empty for a gap. */
  readonly network: string;
  /** Time of the daemon's message; of a gap, the time when it was noticed. */
  readonly at: Date;
}

/** Options of {@link Transport.events}. */
export interface EventOptions {
  /** Ends the stream; it then throws the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Events kept for a slow reader; older ones are dropped, and one `gap` says so when the reader has caught up. Default: 1000. */
  readonly buffer?: number | undefined;
  /** Tells of changed titles, descriptions and metadata too; since libvirt 9.8. Default: false. */
  readonly metadata?: boolean | undefined;
  /** Waits for a daemon that is not there yet, and connects again when the connection is lost, with a `gap` there. Default: false, the stream throws. */
  readonly reconnect?: boolean | undefined;
  /**
   * Called when the daemon has agreed to tell: from now on nothing is missed. After a lost connection it is
   * called again. What it throws ends the stream: the reader's next read throws it.
   */
  readonly onListening?: (() => void) | undefined;
}

/** Options of {@link Transport.guestEvents}. */
export type GuestEventOptions = Omit<EventOptions, 'metadata'>;

/** The way to one libvirt daemon. Anyone can write one; see `docs/transports.md`. */
export interface Transport {
  /** Names the daemon in messages; without secrets. */
  readonly label: string;
  /**
   * True if listening to events needs neither a program nor a connection of its own, so that a wait can listen too.
   * Default: false.
   */
  readonly hasCheapEvents?: boolean;
  /**
   * Carries out one operation.
   *
   * @param operation - its name
   * @param input - what it needs
   * @param options - what ends it early
   * @throws {@link OperationError} when libvirt refuses, {@link TransportError} when it could not be asked, the
   *   signal's own reason after an abort
   */
  call<K extends Operation>(
    operation: K,
    input: Operations[K]['input'],
    options?: CallOptions,
  ): Promise<Operations[K]['output']>;
  /**
   * Tells what happens, from the first `next()` until the reader stops or the signal says so.
   *
   * @throws {@link TransportError} when the connection is lost, the signal's own reason after an abort
   */
  events(options?: EventOptions): AsyncIterable<NetworkEvent>;
  /**
   * Tells what happens to guests and their devices, as {@link Transport.events} does of networks. Absent where a transport
   * cannot tell that.
   */
  guestEvents?(options?: GuestEventOptions): AsyncIterable<GuestEvent>;
  /** Ends running calls and releases all resources; later calls throw with code `CLOSED`. */
  close(): Promise<void>;
}
