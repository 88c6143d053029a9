import { attribute, type ElementTable, type Extra, element, flag, many, one, optional } from './element.js';
import { cInt32, int32, integer, oneOf, onOff, text, UINT32_MAX, yesNo } from './scalar.js';

/** When the host brings an interface up. */
export interface InterfaceStart {
  /** `hotplug`: when the device appears. Without it libvirt drops the element. */
  readonly mode?: 'onboot' | 'none' | 'hotplug';
  readonly extra?: Extra;
}
export const interfaceStartTable: ElementTable<InterfaceStart> = element('start', {
  mode: optional(attribute('mode', oneOf('onboot', 'none', 'hotplug'))),
});

/** Largest packet of an interface. */
export interface InterfaceMtu {
  /** Bytes, at most 100000; 0 is the same as none. */
  readonly size?: number;
  readonly extra?: Extra;
}
export const interfaceMtuTable: ElementTable<InterfaceMtu> = element('mtu', {
  size: optional(attribute('size', integer(0, 100_000), { invalid: 'ATTR_INVALID' })),
});

/** Tells whether addresses come from DHCP. */
export interface InterfaceDhcp {
  /** True if the name servers that DHCP names are used. Default: left to the host. */
  readonly peerdns?: boolean;
  readonly extra?: Extra;
}
export const interfaceDhcpTable: ElementTable<InterfaceDhcp> = element('dhcp', {
  peerdns: optional(attribute('peerdns', yesNo, { empty: 'value', invalid: 'ATTR_ENUM' })),
});

/** A fixed address of an interface. */
export interface InterfaceIp {
  /** IPv4 or IPv6 address, printed as written. Without it libvirt drops the element. */
  readonly address?: string;
  /** Length of the network part in bits. Default: left to the host. */
  readonly prefix?: number;
  readonly extra?: Extra;
}
export const interfaceIpTable: ElementTable<InterfaceIp> = element('ip', {
  address: optional(attribute('address', text, { empty: 'value' })),
  prefix: optional(attribute('prefix', cInt32, { empty: 'value' })),
});

/** The default route of an interface. */
export interface InterfaceRoute {
  /** Address of the router, printed as written. Without it libvirt drops the element. */
  readonly gateway?: string;
  readonly extra?: Extra;
}
export const interfaceRouteTable: ElementTable<InterfaceRoute> = element('route', {
  gateway: optional(attribute('gateway', text)),
});

/** Addresses of one family. */
export interface InterfaceProtocol {
  /** Address family. */
  readonly family: 'ipv4' | 'ipv6';
  /** IPv6 only: whether addresses come from router advertisements. */
  readonly autoconf?: boolean;
  readonly dhcp?: InterfaceDhcp;
  readonly ips?: readonly InterfaceIp[];
  readonly route?: InterfaceRoute;
  readonly extra?: Extra;
}
export const interfaceProtocolTable: ElementTable<InterfaceProtocol> = element(
  'protocol',
  {
    family: attribute('family', oneOf('ipv4', 'ipv6'), { empty: 'value', invalid: 'ATTR_ENUM' }),
    autoconf: optional(flag('autoconf')),
    dhcp: optional(one(interfaceDhcpTable)),
    ips: optional(many(interfaceIpTable)),
    route: optional(one(interfaceRouteTable)),
  },
  { alwaysOpen: true },
);

/** State of an interface's link; reported by the host. */
export interface InterfaceLink {
  /** Mbit/s; 0 is the same as none. */
  readonly speed?: number;
  /** As the kernel names it. */
  readonly state?: 'unknown' | 'notpresent' | 'down' | 'lowerlayerdown' | 'testing' | 'dormant' | 'up';
  readonly extra?: Extra;
}
export const interfaceLinkTable: ElementTable<InterfaceLink> = element('link', {
  speed: optional(attribute('speed', integer(0, UINT32_MAX), { empty: 'value', invalid: 'ATTR_UINT' })),
  state: optional(
    attribute('state', oneOf('unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up'), {
      invalid: 'ATTR_ENUM',
    }),
  ),
});

/** The MAC address of an Ethernet device. */
export interface InterfaceMac {
  /** Printed as written; libvirt does not check it. Without it libvirt drops the element. */
  readonly address?: string;
  readonly extra?: Extra;
}
export const interfaceMacTable: ElementTable<InterfaceMac> = element('mac', {
  address: optional(attribute('address', text)),
});

/** Bridge settings of an interface. */
export interface InterfaceBridge {
  /** Spanning tree. Default: left to the host. With another word libvirt drops all that is in the bridge. */
  readonly stp?: boolean;
  /** Forward delay in seconds as a decimal number such as `0.01`, printed as written. Default: left to the host. */
  readonly delay?: string;
  /** The ports: interfaces of type `ethernet`, `vlan` or `bond`. */
  readonly interfaces?: readonly HostInterface[];
  readonly extra?: Extra;
}
export const interfaceBridgeTable: ElementTable<InterfaceBridge> = element<InterfaceBridge>(
  'bridge',
  {
    stp: optional(attribute('stp', onOff, { empty: 'value', invalid: 'WORD_IGNORED' })),
    delay: optional(attribute('delay', text, { empty: 'value' })),
    interfaces: optional(many((): ElementTable<HostInterface> => hostInterfaceTable)),
  },
  { alwaysOpen: true },
);

/** How a bond notices dead links: it asks the driver. */
export interface BondMiimon {
  /** Milliseconds between two looks. */
  readonly freq: number;
  /** Milliseconds before a dead link is given up; 0 or less is the same as none. */
  readonly downdelay?: number;
  /** Milliseconds before a link is used again; 0 or less is the same as none. */
  readonly updelay?: number;
  /** How the driver is asked: by ioctl, or by the kernel's own carrier state. Default: left to the host. */
  readonly carrier?: 'ioctl' | 'netif';
  readonly extra?: Extra;
}
export const bondMiimonTable: ElementTable<BondMiimon> = element('miimon', {
  freq: attribute('freq', int32),
  downdelay: optional(attribute('downdelay', int32)),
  updelay: optional(attribute('updelay', int32)),
  carrier: optional(attribute('carrier', oneOf('ioctl', 'netif'))),
});

/** How a bond notices dead links: it sends ARP requests. Not together with `miimon`. */
export interface BondArpmon {
  /** Milliseconds between two requests. */
  readonly interval: number;
  /** IPv4 address that is asked, printed as written. */
  readonly target: string;
  /** Which links' answers are checked. The schema also has `none`, which libvirt's parser refuses. */
  readonly validate?: 'active' | 'backup' | 'all';
  readonly extra?: Extra;
}
export const bondArpmonTable: ElementTable<BondArpmon> = element('arpmon', {
  interval: attribute('interval', int32),
  target: attribute('target', text),
  validate: optional(attribute('validate', oneOf('active', 'backup', 'all'))),
});

/** How a bond spreads traffic over its devices, by the kernel's names. */
export type BondMode =
  | 'balance-rr'
  | 'active-backup'
  | 'balance-xor'
  | 'broadcast'
  | '802.3ad'
  | 'balance-tlb'
  | 'balance-alb';

/** The modes in the order of the kernel's numbers. */
export const BOND_MODES: readonly BondMode[] = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
];

/** Bond settings of an interface. */
export interface InterfaceBond {
  /** How traffic is spread. In `active-backup` the first interface is the primary one. Default: left to the host. */
  readonly mode?: BondMode;
  readonly miimon?: BondMiimon;
  readonly arpmon?: BondArpmon;
  /** The devices: interfaces of type `ethernet`. */
  readonly interfaces?: readonly HostInterface[];
  readonly extra?: Extra;
}
export const interfaceBondTable: ElementTable<InterfaceBond> = element<InterfaceBond>(
  'bond',
  {
    mode: optional(attribute('mode', oneOf(...BOND_MODES))),
    miimon: optional(one(bondMiimonTable)),
    arpmon: optional(one(bondArpmonTable)),
    interfaces: optional(many((): ElementTable<HostInterface> => hostInterfaceTable)),
  },
  { alwaysOpen: true },
);

/** The device under a VLAN. */
export interface VlanDevice {
  /** Device name. */
  readonly name: string;
  readonly extra?: Extra;
}
export const vlanDeviceTable: ElementTable<VlanDevice> = element('interface', { name: attribute('name', text) });

/** VLAN settings of an interface. */
export interface InterfaceVlan {
  /** VLAN id, 0 to 4095, printed as written. */
  readonly tag: string;
  readonly interface: VlanDevice;
  readonly extra?: Extra;
}
export const interfaceVlanTable: ElementTable<InterfaceVlan> = element('vlan', {
  tag: attribute('tag', text),
  interface: one(vlanDeviceTable, { missing: 'ELEMENT_REQUIRED', firstHaving: 'name' }),
});

/**
 * A network interface of the host, as `virsh iface-dumpxml` shows it; since libvirt 0.6.4. Not a libvirt
 * network. Parts that do not belong to the type are dropped by libvirt, and so are `start`, `mtu` and
 * `protocols` of interfaces inside a bridge or a bond. Source: libvirt's own schema `interface.rng`.
 */
export interface HostInterface {
  /** Which of the parts `bridge`, `bond` and `vlan` is required. */
  readonly type: 'ethernet' | 'bridge' | 'bond' | 'vlan';
  /** Device name. The schema lets VLANs go without, libvirt's parser does not. */
  readonly name: string;
  readonly start?: InterfaceStart;
  readonly mtu?: InterfaceMtu;
  /** At most one of each family. */
  readonly protocols?: readonly InterfaceProtocol[];
  /** Not for type `bridge`. */
  readonly link?: InterfaceLink;
  /** Type `ethernet` only. */
  readonly mac?: InterfaceMac;
  readonly bridge?: InterfaceBridge;
  readonly bond?: InterfaceBond;
  readonly vlan?: InterfaceVlan;
  readonly extra?: Extra;
}
export const hostInterfaceTable: ElementTable<HostInterface> = element<HostInterface>(
  'interface',
  {
    type: attribute('type', oneOf('ethernet', 'bridge', 'bond', 'vlan'), { empty: 'value', invalid: 'ATTR_ENUM' }),
    name: attribute('name', text, { empty: 'value' }),
    start: optional(one(interfaceStartTable, { firstHaving: 'mode' })),
    mtu: optional(one(interfaceMtuTable, { firstHaving: 'size' })),
    protocols: optional(many(interfaceProtocolTable)),
    link: optional(one(interfaceLinkTable)),
    mac: optional(one(interfaceMacTable, { firstHaving: 'address' })),
    bridge: optional(one(interfaceBridgeTable)),
    bond: optional(one(interfaceBondTable)),
    vlan: optional(one(interfaceVlanTable)),
  },
  { alwaysOpen: true, since: '0.6.4' },
);
