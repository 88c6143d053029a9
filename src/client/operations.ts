/** Options that every call takes last. */
export interface CallOptions {
  /** Ends the call; it then throws the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time in milliseconds. Default: the transport's. */
  readonly timeoutMs?: number | undefined;
}

/** What libvirt says of a network without its definition. */
export interface NetworkState {
  readonly name: string;
  readonly uuid: string;
  /** Whether it runs. */
  readonly active: boolean;
  /** Whether it has a stored definition. */
  readonly persistent: boolean;
  /** Whether it starts with the daemon. */
  readonly autostart: boolean;
  /** The definition, where it was asked for: the live one of active networks, else the stored one. */
  readonly xml?: string;
}

/** An address that dnsmasq has lent. */
export interface LeaseRecord {
  /** When it ends; absent for leases without an end. */
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

/** Releases of both ends of a connection, as far as the transport can tell. */
export interface HostVersions {
  /** The client program's, such as `9.0.0`. */
  readonly client?: string;
  /** The daemon's. */
  readonly daemon?: string;
}

/** Sections of `net-update` that libvirt can change. */
export type UpdateSection =
  | 'ip-dhcp-host'
  | 'ip-dhcp-range'
  | 'forward-interface'
  | 'portgroup'
  | 'dns-host'
  | 'dns-txt'
  | 'dns-srv';

/** What `net-update` does with an entry. */
export type UpdateCommand = 'add-first' | 'add-last' | 'modify' | 'delete';

/** Which copies of a definition a change is for. */
export interface Copies {
  /** The running network. */
  readonly live: boolean;
  /** The stored definition. */
  readonly config: boolean;
}

/** Names a network: its name or its uuid. */
export interface NetworkInput {
  readonly network: string;
}

/**
 * Everything that a transport can be asked, with plain inputs and outputs. Names are those of libvirt's
 * API; `network` is a name or a uuid.
 */
export interface Operations {
  'host.versions': { readonly input: Record<never, never>; readonly output: HostVersions };
  'host.interfaces': { readonly input: Record<never, never>; readonly output: readonly InterfaceState[] };
  'interface.dump': { readonly input: { readonly name: string }; readonly output: string };
  'network.list': {
    readonly input: {
      readonly active?: boolean;
      readonly persistent?: boolean;
      readonly autostart?: boolean;
      readonly xml?: boolean;
    };
    readonly output: readonly NetworkState[];
  };
  'network.lookup': { readonly input: NetworkInput; readonly output: NetworkState };
  'network.dump': { readonly input: NetworkInput & { readonly inactive?: boolean }; readonly output: string };
  'network.define': {
    readonly input: { readonly xml: string; readonly validate?: boolean };
    readonly output: undefined;
  };
  'network.create': {
    readonly input: { readonly xml: string; readonly validate?: boolean };
    readonly output: undefined;
  };
  'network.start': { readonly input: NetworkInput; readonly output: undefined };
  'network.destroy': { readonly input: NetworkInput; readonly output: undefined };
  'network.undefine': { readonly input: NetworkInput; readonly output: undefined };
  'network.autostart': { readonly input: NetworkInput & { readonly enabled: boolean }; readonly output: undefined };
  'network.update': {
    readonly input: NetworkInput &
      Copies & {
        readonly section: UpdateSection;
        readonly command: UpdateCommand;
        readonly xml: string;
        readonly parentIndex?: number;
      };
    readonly output: undefined;
  };
  'network.leases': {
    readonly input: NetworkInput & { readonly mac?: string };
    readonly output: readonly LeaseRecord[];
  };
  'network.ports': { readonly input: NetworkInput; readonly output: readonly string[] };
  'port.dump': { readonly input: NetworkInput & { readonly port: string }; readonly output: string };
  'port.create': { readonly input: NetworkInput & { readonly xml: string }; readonly output: undefined };
  'port.delete': { readonly input: NetworkInput & { readonly port: string }; readonly output: undefined };
  /** Since libvirt 9.7. The output is the element, or nothing when there is none. */
  'metadata.get': {
    readonly input: NetworkInput & { readonly uri: string; readonly inactive?: boolean };
    readonly output: string | undefined;
  };
  /** Since libvirt 9.7. Without `xml` the element is removed. */
  'metadata.set': {
    readonly input: NetworkInput & Copies & { readonly uri: string; readonly key: string; readonly xml?: string };
    readonly output: undefined;
  };
  /** Since libvirt 9.7. */
  'text.set': {
    readonly input: NetworkInput & Copies & { readonly kind: 'title' | 'description'; readonly text: string };
    readonly output: undefined;
  };
}

/** The name of an operation. */
export type Operation = keyof Operations;

/** What happened to a network. */
export interface NetworkEvent {
  readonly type: 'defined' | 'undefined' | 'started' | 'stopped' | 'metadata-changed' | 'gap';
  /** Name of the network; empty for a gap. */
  readonly network: string;
  /** When the daemon said so. */
  readonly at: Date;
}

/** Options of {@link Transport.events}. */
export interface EventOptions {
  /** Ends the stream; it then throws the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Events kept for a slow reader; older ones are dropped and a `gap` takes their place. Default: 1000. */
  readonly buffer?: number | undefined;
}

/** The way to one libvirt daemon. Anyone can write one; see `docs/transports.md`. */
export interface Transport {
  /** Names the daemon in messages; without secrets. */
  readonly label: string;
  /**
   * Carries out one operation.
   *
   * @throws {@link TransportError} with the code that fits, the signal's reason after an abort
   */
  call<K extends Operation>(
    operation: K,
    input: Operations[K]['input'],
    options?: CallOptions,
  ): Promise<Operations[K]['output']>;
  /** Tells what happens, until the reader stops or the signal says so. */
  events(options?: EventOptions): AsyncIterable<NetworkEvent>;
  /** Ends what is running and gives everything back. */
  close(): Promise<void>;
}
