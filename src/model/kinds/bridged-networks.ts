import { LibvirtError } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { ForwardDriver, PciAddress } from '../../schema/network/forward.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { Bandwidth, VirtualPort } from '../../schema/network/ports.js';
import { compact } from '../../schema/values.js';
import { itemsOf } from '../argument.js';
import { BaseNetwork } from '../base.js';
import { type VlanTags, vlanOf } from '../vlan.js';

/** Base of the kinds whose guests attach to something that libvirt did not create. */
export abstract class TaggedNetwork extends BaseNetwork {
  /**
   * Tags the guests' traffic; since libvirt 0.10.2. Possible with Open vSwitch, mode passthrough, SR-IOV,
   * and since 11.0 with plain Linux bridges.
   *
   * @param tags - ids from 0 to 4095
   */
  vlan(tags: VlanTags): this {
    return this.with({ vlan: vlanOf(tags) });
  }

  /** Says how the guests' ports are set up on the switch. */
  virtualPort(port: VirtualPort): this {
    return this.with({ virtualport: port });
  }
}

/** Options of {@link BridgedNetwork.create}. */
export interface BridgedOptions {
  /** Unique on the host, without `/`. */
  readonly name: string;
  /** Name of a bridge that exists on the host. */
  readonly bridge: string;
}

const BRIDGED_OPTIONS: OptionNames<BridgedOptions> = { name: true, bridge: true };

const SWITCH_OPTIONS = { profileid: true, interfaceid: true } as const;

/** Guests on a bridge of the host's own, a Linux or an Open vSwitch one: they sit on the physical LAN. */
export class BridgedNetwork extends TaggedNetwork {
  get kind() {
    return 'bridge' as const;
  }

  /** Points at a bridge of the host. Such a network has no addresses, DHCP or DNS: the LAN has them. */
  static create(options: BridgedOptions): BridgedNetwork {
    const { name, bridge } = optionsOf(options, BRIDGED_OPTIONS, 'BridgedNetwork.create');
    return new BridgedNetwork({ name, forward: { mode: 'bridge' }, bridge: { name: bridge } });
  }

  /**
   * The class's value for a document.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document is of another kind
   */
  static from(document: NetworkDocument): BridgedNetwork {
    return new BridgedNetwork(document);
  }

  /**
   * Says that the bridge is an Open vSwitch one; since libvirt 0.10.2.
   *
   * @param parameters - port profile, at most 39 bytes, and interface id, a uuid
   */
  openVswitch(parameters: { readonly profileid?: string; readonly interfaceid?: string } = {}): this {
    const known = optionsOf(parameters, SWITCH_OPTIONS, 'openVswitch');
    const given = Object.keys(known).length > 0 ? { parameters: known } : {};
    return this.virtualPort({ type: 'openvswitch', ...given });
  }

  /** Limits the traffic of all guests together, in KiB/s and KiB; since libvirt 0.9.4. */
  bandwidth(bandwidth: Pick<Bandwidth, 'inbound' | 'outbound'>): this {
    return this.with({ bandwidth });
  }

  /** Sets who manages the bridge's MAC table: `libvirt` switches learning and flooding off; since libvirt 1.2.11. */
  macTableManager(manager: 'kernel' | 'libvirt'): this {
    return this.with({ bridge: { ...this.document.bridge, macTableManager: manager } });
  }
}

/** Options of {@link DirectNetwork.create}: a pool of devices, or the physical function whose virtual functions form one. */
export type DirectOptions = {
  /** Unique on the host, without `/`. */
  readonly name: string;
  /** Mode of macvtap; see the kernel's macvlan modes. */
  readonly mode: 'bridge' | 'private' | 'vepa' | 'passthrough';
  /** Allows guests to change their MAC address and multicast filters; since libvirt 1.2.10. Default: false. */
  readonly trustGuestRxFilters?: boolean;
} & (
  | {
      /** Host devices that guests share; in mode passthrough each takes one guest. */
      readonly devices: readonly string[];
      /** A pool is the one or the other. */
      readonly pf?: never;
    }
  | {
      /** SR-IOV device whose virtual functions are the pool. */
      readonly pf: string;
      /** A pool is the one or the other. */
      readonly devices?: never;
    }
);

const DIRECT_OPTIONS: OptionNames<DirectOptions> = {
  name: true,
  mode: true,
  trustGuestRxFilters: true,
  devices: true,
  pf: true,
};

/** Guests attached to host devices by macvtap, without a bridge. They cannot talk to the host over it. */
export class DirectNetwork extends TaggedNetwork {
  get kind() {
    return 'direct' as const;
  }

  /**
   * Begins a pool of host devices.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when mode bridge has no device, or when devices is not an array or is given beside a physical function
   */
  static create(options: DirectOptions): DirectNetwork {
    const { name, mode, trustGuestRxFilters, pf, devices } = optionsOf(options, DIRECT_OPTIONS, 'DirectNetwork.create');
    const interfaces = listBeside(pf, devices, 'devices', name);
    if (mode === 'bridge' && pf === undefined && interfaces.length === 0)
      throw notCreated(name, 'it has no devices', 'a bridge of the host is for BridgedNetwork');
    const pool = pf === undefined ? { interfaces: interfaces.map((dev) => ({ dev })) } : { pf: { dev: pf } };
    return new DirectNetwork(compact({ name, trustGuestRxFilters, forward: { mode, ...pool } }));
  }

  /**
   * The class's value for a document.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document is of another kind
   */
  static from(document: NetworkDocument): DirectNetwork {
    return new DirectNetwork(document);
  }
}

/** Options of {@link HostdevNetwork.create}: the physical function, or PCI addresses of virtual functions. */
export type HostdevOptions = {
  /** Unique on the host, without `/`. */
  readonly name: string;
  /** True if libvirt detaches the devices from the host itself. Default: false. */
  readonly managed?: boolean;
  /** Host driver that takes the devices over; since libvirt 1.0.5. */
  readonly driver?: ForwardDriver;
} & (
  | {
      /** SR-IOV device whose virtual functions are the pool. */
      readonly pf: string;
      /** A pool is the one or the other. */
      readonly addresses?: never;
    }
  | {
      /** Virtual functions by PCI address. */
      readonly addresses: readonly Omit<PciAddress, 'type'>[];
      /** A pool is the one or the other. */
      readonly pf?: never;
    }
);

const HOSTDEV_OPTIONS: OptionNames<HostdevOptions> = {
  name: true,
  managed: true,
  driver: true,
  pf: true,
  addresses: true,
};

/** Guests given virtual functions of an SR-IOV device by PCI passthrough; since libvirt 0.10.0. */
export class HostdevNetwork extends TaggedNetwork {
  get kind() {
    return 'hostdev' as const;
  }

  /**
   * Begins a pool of virtual functions.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when addresses is not an array, or is given beside a physical function
   */
  static create(options: HostdevOptions): HostdevNetwork {
    const known = optionsOf(options, HOSTDEV_OPTIONS, 'HostdevNetwork.create');
    const { name, managed = false, driver, pf, addresses } = known;
    const functions = listBeside(pf, addresses, 'addresses', name);
    const pool =
      pf === undefined
        ? { addresses: functions.map((address) => ({ type: 'pci' as const, ...address })) }
        : { pf: { dev: pf } };
    return new HostdevNetwork({
      name,
      forward: { mode: 'hostdev', managed, ...(driver === undefined ? {} : { driver }), ...pool },
    });
  }

  /**
   * The class's value for a document.
   *
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the document is of another kind
   */
  static from(document: NetworkDocument): HostdevNetwork {
    return new HostdevNetwork(document);
  }
}

const notCreated = (network: string, problem: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `cannot create network "${network}": ${problem}`, { network, hint });

/** The list that makes a pool where no physical function does. libvirt would drop one of the two without a word. */
function listBeside<T>(
  pf: string | undefined,
  list: readonly T[] | undefined,
  property: string,
  network: string,
): readonly T[] {
  if (list !== undefined && !Array.isArray(list))
    throw notCreated(network, `${property} must be an array`, `write them in brackets: ${property}: [...]`);
  if (list !== undefined && pf !== undefined)
    throw notCreated(network, `it has both pf and ${property}`, `leave out pf or ${property}`);
  return itemsOf(list);
}

/** A network of a mode that is newer than this library: nothing of it is lost. */
export class OtherNetwork extends BaseNetwork {
  get kind() {
    return 'other' as const;
  }
}
