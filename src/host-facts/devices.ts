import type { Family } from '../schema/address.js';

/** An address of a device, as the kernel has it. */
export interface DeviceAddress {
  readonly family: Family;
  /** Without prefix. */
  readonly address: string;
  /** Bits of its subnet. */
  readonly prefix: number;
  /** `global`, `link`, `host`, ... */
  readonly scope: string;
  readonly broadcast?: string;
  /** Name that old tools show, such as `eno1:1`. */
  readonly label?: string;
  /** Metric of the route that comes with it. */
  readonly metric?: number;
  /** True if its lease or its router gave it, so that it ends some day. */
  readonly dynamic: boolean;
  /** True if no route comes with it. */
  readonly noPrefixRoute: boolean;
  /** Seconds until it ends; absent for ever. */
  readonly validS?: number;
  /** Seconds until it is deprecated; absent for ever. */
  readonly preferredS?: number;
}

/** The settings of a bridge, as the kernel has them; times in seconds. */
export interface BridgeSettings {
  readonly stp: boolean;
  readonly forwardDelay: number;
  readonly helloTime: number;
  readonly maxAge: number;
  readonly ageingTime: number;
  readonly priority: number;
  readonly vlanFiltering: boolean;
  readonly multicastSnooping: boolean;
}

/** The settings of a bond, as the kernel has them. */
export interface BondSettings {
  /** The kernel's word for its mode, such as `balance-rr`. */
  readonly mode: string;
  /** Seconds between two looks at the links of its cards, or between two ARP requests; 0 for never. */
  readonly monitorInterval: number;
}

/** A network device of a host. */
export interface HostDevice {
  readonly name: string;
  /**
   * `physical`, or the kernel's word for what it is: `bridge`, `bond`, `team`, `vlan`, `veth`, `macvlan`, `macvtap`,
   * `dummy`, ...; `tap` and `tun` for what programs such as qemu hold.
   */
  readonly kind: string;
  readonly mac?: string;
  readonly mtu: number;
  /** True if it is switched on. */
  readonly up: boolean;
  /** True if something answers at the other end of its cable. */
  readonly carrier: boolean;
  /** The bridge, bond or team that it is a port of. */
  readonly master?: string;
  /** The device below it, of VLANs, macvlan and macvtap. */
  readonly parent?: string;
  /** Note that programs leave on a device (`ip link set alias`). */
  readonly alias?: string;
  /** Wireless stations cannot be ports of a bridge. */
  readonly wireless: boolean;
  /** The kernel's `accept_ra`; 2 accepts router advertisements although the host forwards. Default: not known. */
  readonly acceptRa?: number;
  /** True if the kernel itself has made IPv6 routes by it from router advertisements; programs such as NetworkManager make their own. Default: not known. */
  readonly autoconfigured?: boolean;
  readonly bridge?: BridgeSettings;
  readonly bond?: BondSettings;
  readonly addresses: readonly DeviceAddress[];
}

/** Tells whether a device leads to the outside, as far as its kind tells; a tap or a container's end does not. */
export const isUplink = ({ kind }: HostDevice): boolean => /^(?:physical|bond|team|vlan)$/.test(kind);

/** The addresses of a device that are more than link-local. */
export const globalAddresses = ({ addresses }: HostDevice): readonly DeviceAddress[] =>
  addresses.filter(({ scope }) => scope === 'global');

/** An address with the prefix of its subnet, as `ip` takes it. */
export const cidrOf = ({ address, prefix }: Pick<DeviceAddress, 'address' | 'prefix'>): string =>
  `${address}/${prefix}`;
