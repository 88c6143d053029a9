import type { Copies, Op } from './op.js';

/** What a guest does: `other` stands for crashed, suspended by itself, and on its way out. */
export type GuestRunState = 'running' | 'paused' | 'stopped' | 'other';

/** State of a guest, without its definition. */
export interface GuestState {
  readonly name: string;
  readonly uuid: string;
  readonly state: GuestRunState;
  /** True while it exists for the hypervisor, paused or not. */
  readonly active: boolean;
  /** True if it has a stored definition. */
  readonly persistent: boolean;
  /** The definition, where it was asked for: the live one of active guests, else the stored one. */
  readonly xml?: string;
  /** The stored definition of an active guest, where that was asked for. */
  readonly inactiveXml?: string;
}

/** Names a guest. */
export interface GuestInput {
  /** Its uuid; `guest.lookup` takes names too. Text that has the form of a uuid is taken for one first. */
  readonly guest: string;
  /** The guest's name, for messages alone. */
  readonly name?: string | undefined;
}

/** Which guests a list holds. Default: all. */
export interface GuestListInput {
  /** Only those that run, or only those that do not. */
  readonly active?: boolean | undefined;
  /** True to include each definition: the live one if there is one, else the stored one. Default: false. */
  readonly xml?: boolean | undefined;
  /** True to include the stored definition of active guests beside `xml`. Default: false. */
  readonly inactive?: boolean | undefined;
}

/** A change of a device: one document for the copies that are named. */
export interface GuestDeviceInput extends GuestInput, Copies {
  /** The device as an element. */
  readonly xml: string;
}

/** Where the addresses of a guest come from: leases of libvirt's own networks, the agent inside of the guest, or the host's neighbours. */
export type AddressSource = 'lease' | 'agent' | 'arp';

/** An address of a guest. */
export interface GuestAddress {
  /** The device: on the host for leases and neighbours, inside of the guest for the agent. */
  readonly device: string;
  /** Absent where the agent does not know it. */
  readonly mac?: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  /** Prefix of the subnet; 0 from the neighbours, which do not know it. */
  readonly prefix: number;
}

/** Bytes and packets of a NIC as the guest sees them: what it received is `rx`. */
export interface NicStatistics {
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly rxErrors: number;
  readonly rxDropped: number;
  readonly txBytes: number;
  readonly txPackets: number;
  readonly txErrors: number;
  readonly txDropped: number;
}

/** A change of a guest, or of one of its devices. Source: virDomainEventType and virDomainEventID of libvirt's API. */
export interface GuestEvent {
  /**
   * `defined` also stands for a changed definition. `shutdown` comes before `stopped` when the guest ends by itself.
   * `device-removal-failed`: the guest has refused to let a device go. `gap`: events may be missing here, since the reader was
   * slow or the connection was lost; read the state again.
   */
  readonly type:
    | 'defined'
    | 'undefined'
    | 'started'
    | 'suspended'
    | 'resumed'
    | 'stopped'
    | 'shutdown'
    | 'pmsuspended'
    | 'crashed'
    | 'device-added'
    | 'device-removed'
    | 'device-removal-failed'
    | 'gap';
  /** Name of the guest; empty for a gap. */
  readonly guest: string;
  /** Alias of the device, such as `net0`: of the three events of devices alone. */
  readonly device?: string;
  /** Time of the daemon's message, or when it arrived; of a gap, the time when it was noticed. */
  readonly at: Date;
}

/** What a transport can be asked of guests. Source: the virDomain functions of libvirt's API. */
export interface GuestOperations {
  /** Guests with their state, in no particular order. */
  'guest.list': Op<GuestListInput, readonly GuestState[]>;
  /** Returns the identity and state of a guest, with `xml: true` its definitions too, as `guest.list` does. */
  'guest.lookup': Op<GuestInput & { readonly xml?: boolean | undefined }, GuestState>;
  /** Adds a device. */
  'guest.attach': Op<GuestDeviceInput, undefined>;
  /** Asks the guest to let a device go, and takes it out of the stored copy. libvirt's success does not mean that the live one is gone. */
  'guest.detach': Op<GuestDeviceInput, undefined>;
  /** Replaces a device: what the document leaves out is lost. */
  'guest.update': Op<GuestDeviceInput, undefined>;
  /** Addresses that are known now; since libvirt 1.2.14, from the neighbours since 4.3. */
  'guest.addresses': Op<GuestInput & { readonly source: AddressSource }, readonly GuestAddress[]>;
  /** Counters of a NIC of a running guest. */
  'guest.statistics': Op<
    GuestInput & { /** MAC address or device on the host. */ readonly device: string },
    NicStatistics
  >;
}
