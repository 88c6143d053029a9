import { compact } from '../../schema/values.js';
import type { BridgeRoute, DnsSetup, HostBridgeDocument, Ipv4Setup, Ipv6Setup, PortDevice } from '../document.js';
import type { NetplanRenderer } from '../render/rendering.js';

/** Where a device has its addresses from, and what goes with them. */
export interface HostAddressing {
  readonly ipv4?: Ipv4Setup;
  readonly ipv6?: Ipv6Setup;
  readonly dns?: DnsSetup;
  readonly routes?: readonly BridgeRoute[];
}

/** A device of a host as its files describe it. */
export interface HostNetworkDevice extends HostAddressing {
  /** Device name; for netplan the name that its files use. */
  readonly name: string;
  readonly type: 'nic' | 'bond' | 'vlan' | 'vxlan' | 'bridge';
  /** What it is as the port of a bridge. Absent for bridges. */
  readonly port?: PortDevice;
  /** The whole bridge. Absent for all other devices. */
  readonly bridge?: HostBridgeDocument;
  /** The bridge or bond that it is in. */
  readonly master?: string;
  /** MAC address, where the files name it. */
  readonly mac?: string;
  /** netplan only: the name that the device gets, where the files use another one for it. */
  readonly setName?: string;
  /** netplan only: who carries out the settings of the device. */
  readonly renderer?: NetplanRenderer;
}

/** A device that is not a card, a bond, a VLAN, a VXLAN or a bridge. */
export interface OtherHostDevice {
  /** Device name, or the name that its files give it. */
  readonly name: string;
  /** What it is in the words of its system: `a profile of type wifi`. */
  readonly what: string;
}

/** What a system's files say of a host. */
export interface HostDevices {
  readonly devices: readonly HostNetworkDevice[];
  /** Devices that no bridge can take over, because they are of another kind. */
  readonly others: readonly OtherHostDevice[];
  /** netplan only: the name that the device gets, where the files use another one for it. */
  readonly setName?: string;
  /** netplan only: who carries its files out. */
  readonly renderer?: NetplanRenderer;
}

/** The addressing in a bridge. */
export const addressingOf = ({ ipv4, ipv6, dns, routes }: HostBridgeDocument): HostAddressing =>
  compact({ ipv4, ipv6, dns, routes });
