import { attribute, type ElementTable, type Extra, element, leaf, one, optional } from './element.js';
import { type ForwardDriver, forwardDriverTable, type PlugAddress, plugAddressTable } from './network/forward.js';
import {
  type Bandwidth,
  inboundTable,
  outboundTable,
  type PortOptions,
  portOptionsTable,
  type VirtualPort,
  type Vlan,
  virtualPortTable,
  vlanTable,
} from './network/ports.js';
import { integer, mac, oneOf, text, UINT32_MAX, uuid, yesNo } from './scalar.js';

/** The guest that a network port belongs to. */
export interface PortOwner {
  /** Name of the guest. */
  readonly name: string;
  /** Identity of the guest. */
  readonly uuid: string;
  readonly extra?: Extra;
}
export const portOwnerTable: ElementTable<PortOwner> = element('owner', {
  name: leaf('name', text, { missing: 'ELEMENT_REQUIRED' }),
  uuid: leaf('uuid', uuid, { invalid: 'UUID_MALFORMED', missing: 'ELEMENT_REQUIRED' }),
});

/** The MAC address of the guest's NIC. */
export interface PortMac {
  /** Six groups of two hexadecimal digits, printed in lower case. */
  readonly address: string;
  readonly extra?: Extra;
}
export const portMacTable: ElementTable<PortMac> = element('mac', {
  address: attribute('address', mac, { invalid: 'MAC_INVALID' }),
});

/** Tells whether the guest may change what its NIC receives. */
export interface PortRxFilters {
  /** True if the guest's own MAC and multicast filters are taken over. Without it libvirt drops the element. */
  readonly trustGuest?: boolean;
  readonly extra?: Extra;
}
export const portRxFiltersTable: ElementTable<PortRxFilters> = element('rxfilters', {
  trustGuest: optional(attribute('trustGuest', yesNo, { empty: 'value', invalid: 'ATTR_ENUM' })),
});

/** Traffic shaping of one port: unlike a network's it may guarantee a rate (`inbound.floor`) and has a class. */
export const portBandwidthTable: ElementTable<Bandwidth> = element<Bandwidth>(
  'bandwidth',
  {
    classID: optional(attribute('classID', integer(0, UINT32_MAX), { empty: 'value', invalid: 'ATTR_UINT' })),
    inbound: optional(one(inboundTable, { twice: 'BW_DUPLICATE' })),
    outbound: optional(one(outboundTable, { twice: 'BW_DUPLICATE' })),
  },
  { anyNamespace: true, alwaysOpen: true },
);

/** Connection of the guest's NIC. libvirt fills it in when it creates the port. */
export interface PortPlug {
  /**
   * `network`: a bridge that libvirt made; `bridge`: one that was there; `direct`: macvtap over a device;
   * `hostdev-pci`: a device of its own. Default: `none`, which libvirt prints as no plug at all.
   */
  readonly type?: 'none' | 'network' | 'bridge' | 'direct' | 'hostdev-pci';
  /** Types `network` and `bridge`, required there: the bridge. */
  readonly bridge?: string;
  /** Types `network` and `bridge`: who keeps the bridge's MAC table. Default: the kernel. */
  readonly macTableManager?: 'kernel' | 'libvirt';
  /** Type `direct`, required there: the host device. */
  readonly dev?: string;
  /** Type `direct`: how guests on the device reach each other. Default: `vepa`. */
  readonly mode?: 'bridge' | 'passthrough' | 'private' | 'vepa';
  /** Type `hostdev-pci`: whether libvirt detaches the device from the host. Default: no. */
  readonly managed?: boolean;
  /** Type `hostdev-pci`: the host driver that takes the device over. */
  readonly driver?: ForwardDriver;
  /** Type `hostdev-pci`, required there: the device. */
  readonly address?: PlugAddress;
  readonly extra?: Extra;
}
export const portPlugTable: ElementTable<PortPlug> = element('plug', {
  type: optional(
    attribute('type', oneOf('none', 'network', 'bridge', 'direct', 'hostdev-pci'), {
      empty: 'value',
      invalid: 'ATTR_ENUM',
    }),
  ),
  bridge: optional(attribute('bridge', text, { empty: 'value' })),
  macTableManager: optional(
    attribute('macTableManager', oneOf('kernel', 'libvirt'), { empty: 'value', invalid: 'BRIDGE_MTM' }),
  ),
  dev: optional(attribute('dev', text, { empty: 'value' })),
  mode: optional(attribute('mode', oneOf('bridge', 'passthrough', 'private', 'vepa'), { empty: 'value' })),
  managed: optional(attribute('managed', yesNo, { empty: 'value', invalid: 'ATTR_ENUM' })),
  driver: optional(one(forwardDriverTable)),
  address: optional(one(plugAddressTable)),
});

/**
 * Connection of a guest's NIC to a network, as `virsh net-port-dumpxml` shows it; since libvirt 5.5.0.
 * Source: libvirt's network port format page.
 */
export interface NetworkPort {
  /** Identity of the port. */
  readonly uuid: string;
  readonly owner: PortOwner;
  /** Port group of the network that the guest asked for. Default: the network's default group, if it has one. */
  readonly group?: string;
  readonly mac: PortMac;
  readonly virtualport?: VirtualPort;
  readonly bandwidth?: Bandwidth;
  readonly vlan?: Vlan;
  readonly port?: PortOptions;
  readonly rxfilters?: PortRxFilters;
  readonly plug?: PortPlug;
  readonly extra?: Extra;
}
export const networkPortTable: ElementTable<NetworkPort> = element(
  'networkport',
  {
    uuid: leaf('uuid', uuid, { invalid: 'UUID_MALFORMED', missing: 'ELEMENT_REQUIRED' }),
    owner: one(portOwnerTable, { missing: 'ELEMENT_REQUIRED', firstHaving: 'name' }),
    group: optional(leaf('group', text)),
    mac: one(portMacTable, { missing: 'ELEMENT_REQUIRED', firstHaving: 'address' }),
    virtualport: optional(one(virtualPortTable)),
    bandwidth: optional(one(portBandwidthTable)),
    vlan: optional(one(vlanTable)),
    port: optional(one(portOptionsTable, { since: '6.1.0' })),
    rxfilters: optional(one(portRxFiltersTable)),
    plug: optional(one(portPlugTable)),
  },
  { since: '5.5.0' },
);
