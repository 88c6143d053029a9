import { attribute, type ElementTable, element, type Extra, leaf, one, optional } from './element.js';
import { type ForwardDriver, forwardDriverTable, type PlugAddress, plugAddressTable } from './network/forward.js';
import { type Mac, macTable } from './network/network.js';
import { type Bandwidth, bandwidthTable, type PortOptions, portOptionsTable, type VirtualPort, type Vlan, virtualPortTable, vlanTable } from './network/ports.js';
import { oneOf, text, uuid, yesNo } from './scalar.js';

/** The guest that a port belongs to. */
export interface PortOwner {
  /** Name of the guest. */
  readonly name: string;
  /** Identity of the guest. */
  readonly uuid: string;
  readonly extra?: Extra;
}
export const portOwnerTable: ElementTable<PortOwner> = element('owner', {
  name: leaf('name', text),
  uuid: leaf('uuid', uuid),
});

/** Whether the guest may change its filters. */
export interface PortRxFilters {
  readonly trustGuest: boolean;
  readonly extra?: Extra;
}
export const portRxFiltersTable: ElementTable<PortRxFilters> = element('rxfilters', {
  trustGuest: attribute('trustGuest', yesNo, { empty: 'value', invalid: 'ATTR_ENUM' }),
});

/** What the port is plugged into. Which properties are there depends on the type. */
export interface PortPlug {
  readonly type: 'network' | 'bridge' | 'direct' | 'hostdev-pci';
  /** network and bridge: name of the bridge. */
  readonly bridge?: string;
  /** network and bridge: who keeps the MAC table. */
  readonly macTableManager?: 'kernel' | 'libvirt';
  /** direct: name of the host device. */
  readonly dev?: string;
  /** direct: mode of the macvtap device. */
  readonly mode?: 'bridge' | 'private' | 'vepa' | 'passthrough';
  /** hostdev-pci: whether libvirt detaches the device from the host. */
  readonly managed?: boolean;
  /** hostdev-pci: host driver that takes the device over. */
  readonly driver?: ForwardDriver;
  /** hostdev-pci: the device. */
  readonly address?: PlugAddress;
  readonly extra?: Extra;
}
export const portPlugTable: ElementTable<PortPlug> = element('plug', {
  type: attribute('type', oneOf('network', 'bridge', 'direct', 'hostdev-pci'), { empty: 'value', invalid: 'ATTR_ENUM' }),
  bridge: optional(attribute('bridge', text)),
  dev: optional(attribute('dev', text)),
  mode: optional(attribute('mode', oneOf('bridge', 'private', 'vepa', 'passthrough'), { invalid: 'ATTR_ENUM' })),
  macTableManager: optional(attribute('macTableManager', oneOf('kernel', 'libvirt'), { invalid: 'ATTR_ENUM' })),
  managed: optional(attribute('managed', yesNo, { invalid: 'ATTR_ENUM' })),
  driver: optional(one(forwardDriverTable)),
  address: optional(one(plugAddressTable)),
});

/**
 * A guest's port on a network, as libvirt's network driver hands it out; since libvirt 5.5.0. Source: the
 * network port XML format page.
 */
export interface NetworkPort {
  /** Identity of the port. */
  readonly uuid: string;
  readonly owner: PortOwner;
  /** Port group that the guest asked for. */
  readonly group?: string;
  /** MAC address of the guest's NIC. */
  readonly mac: Mac;
  readonly virtualport?: VirtualPort;
  /** Unlike in a network, `classID` and `floor` are possible here. */
  readonly bandwidth?: Bandwidth;
  readonly rxfilters?: PortRxFilters;
  readonly vlan?: Vlan;
  readonly port?: PortOptions;
  /** libvirt adds it; must be absent when a port is made by hand. */
  readonly plug?: PortPlug;
  readonly extra?: Extra;
}
export const networkPortTable: ElementTable<NetworkPort> = element('networkport', {
  uuid: leaf('uuid', uuid, { invalid: 'UUID_MALFORMED' }),
  owner: one(portOwnerTable),
  group: optional(leaf('group', text)),
  mac: one(macTable),
  virtualport: optional(one(virtualPortTable)),
  bandwidth: optional(one(bandwidthTable)),
  vlan: optional(one(vlanTable)),
  port: optional(one(portOptionsTable)),
  rxfilters: optional(one(portRxFiltersTable)),
  plug: optional(one(portPlugTable)),
});
