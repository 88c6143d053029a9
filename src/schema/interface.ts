import { attribute, type ElementTable, element, type Extra, flag, many, one, optional } from './element.js';
import { integer, ip, mac, oneOf, onOff, text, UINT32_MAX, yesNo } from './scalar.js';

const uint = integer(0, UINT32_MAX);

/** When the host brings the interface up. */
export interface InterfaceStart {
  readonly mode: 'onboot' | 'none' | 'hotplug';
  readonly extra?: Extra;
}
export const interfaceStartTable: ElementTable<InterfaceStart> = element('start', {
  mode: attribute('mode', oneOf('onboot', 'none', 'hotplug')),
});

/** Largest packet of the interface. */
export interface InterfaceMtu {
  /** Bytes. */
  readonly size: number;
  readonly extra?: Extra;
}
export const interfaceMtuTable: ElementTable<InterfaceMtu> = element('mtu', { size: attribute('size', uint) });

/** State of the link; reported by the host. */
export interface InterfaceLink {
  /** Mbit/s. */
  readonly speed?: number;
  readonly state?: 'unknown' | 'notpresent' | 'down' | 'lowerlayerdown' | 'testing' | 'dormant' | 'up';
  readonly extra?: Extra;
}
export const interfaceLinkTable: ElementTable<InterfaceLink> = element('link', {
  speed: optional(attribute('speed', uint)),
  state: optional(attribute('state', oneOf('unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up'))),
});

/** The interface's hardware address. */
export interface InterfaceMac {
  readonly address: string;
  readonly extra?: Extra;
}
export const interfaceMacTable: ElementTable<InterfaceMac> = element('mac', { address: attribute('address', mac) });

/** Addresses by DHCP. */
export interface InterfaceDhcp {
  /** Whether DNS servers are taken from DHCP too. */
  readonly peerdns?: boolean;
  readonly extra?: Extra;
}
export const interfaceDhcpTable: ElementTable<InterfaceDhcp> = element('dhcp', { peerdns: optional(attribute('peerdns', yesNo)) });

/** A fixed address. */
export interface InterfaceIp {
  readonly address: string;
  /** 0 to 32, or to 128 for IPv6. */
  readonly prefix?: number;
  readonly extra?: Extra;
}
export const interfaceIpTable: ElementTable<InterfaceIp> = element('ip', {
  address: attribute('address', ip),
  prefix: optional(attribute('prefix', integer(0, 128))),
});

/** The default route. */
export interface InterfaceRoute {
  readonly gateway: string;
  readonly extra?: Extra;
}
export const interfaceRouteTable: ElementTable<InterfaceRoute> = element('route', { gateway: attribute('gateway', ip) });

/** Addresses of one family. */
export interface InterfaceProtocol {
  readonly family: 'ipv4' | 'ipv6';
  /** IPv6: whether addresses are taken from router advertisements. */
  readonly autoconf?: boolean;
  readonly dhcp?: InterfaceDhcp;
  readonly ips?: readonly InterfaceIp[];
  readonly route?: InterfaceRoute;
  readonly extra?: Extra;
}
export const interfaceProtocolTable: ElementTable<InterfaceProtocol> = element(
  'protocol',
  {
    family: attribute('family', oneOf('ipv4', 'ipv6')),
    autoconf: optional(flag('autoconf')),
    dhcp: optional(one(interfaceDhcpTable)),
    ips: optional(many(interfaceIpTable)),
    route: optional(one(interfaceRouteTable)),
  },
  { alwaysOpen: true },
);

/** What makes an interface a bridge. */
export interface InterfaceBridge {
  /** Spanning tree. */
  readonly stp?: boolean;
  /** Forward delay in seconds, with decimals. Kept as text, as libvirt does. */
  readonly delay?: string;
  /** The bridge's ports. */
  readonly interfaces?: readonly HostInterface[];
  readonly extra?: Extra;
}
export const interfaceBridgeTable: ElementTable<InterfaceBridge> = element(
  'bridge',
  {
    stp: optional(attribute('stp', onOff)),
    delay: optional(attribute('delay', text)),
    interfaces: optional(many(() => hostInterfaceTable)),
  },
  { alwaysOpen: true },
);

/** Link monitoring of a bond by MII. */
export interface BondMiimon {
  /** Milliseconds between checks. */
  readonly freq: number;
  /** Milliseconds before a port counts as down. */
  readonly downdelay?: number;
  /** Milliseconds before a port counts as up. */
  readonly updelay?: number;
  readonly carrier?: 'ioctl' | 'netif';
  readonly extra?: Extra;
}
export const bondMiimonTable: ElementTable<BondMiimon> = element('miimon', {
  freq: attribute('freq', uint),
  downdelay: optional(attribute('downdelay', uint)),
  updelay: optional(attribute('updelay', uint)),
  carrier: optional(attribute('carrier', oneOf('ioctl', 'netif'))),
});

/** Link monitoring of a bond by ARP. */
export interface BondArpmon {
  /** Milliseconds between requests. */
  readonly interval: number;
  /** IPv4 address that is asked for. */
  readonly target: string;
  readonly validate?: 'none' | 'active' | 'backup' | 'all';
  readonly extra?: Extra;
}
export const bondArpmonTable: ElementTable<BondArpmon> = element('arpmon', {
  interval: attribute('interval', uint),
  target: attribute('target', ip),
  validate: optional(attribute('validate', oneOf('none', 'active', 'backup', 'all'))),
});

/** What makes an interface a bond. */
export interface InterfaceBond {
  readonly mode?: 'balance-rr' | 'active-backup' | 'balance-xor' | 'broadcast' | '802.3ad' | 'balance-tlb' | 'balance-alb';
  readonly miimon?: BondMiimon;
  readonly arpmon?: BondArpmon;
  /** The bond's ports; the first is the primary one of mode active-backup. */
  readonly interfaces?: readonly HostInterface[];
  readonly extra?: Extra;
}
export const interfaceBondTable: ElementTable<InterfaceBond> = element(
  'bond',
  {
    mode: optional(attribute('mode', oneOf('balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb'))),
    miimon: optional(one(bondMiimonTable)),
    arpmon: optional(one(bondArpmonTable)),
    interfaces: optional(many(() => hostInterfaceTable)),
  },
  { alwaysOpen: true },
);

/** The device under a VLAN. */
export interface VlanDevice {
  readonly name: string;
  readonly extra?: Extra;
}
export const vlanDeviceTable: ElementTable<VlanDevice> = element('interface', { name: attribute('name', text) });

/** What makes an interface a VLAN. */
export interface InterfaceVlan {
  /** VLAN id, 0 to 4095. */
  readonly tag: number;
  readonly interface: VlanDevice;
  readonly extra?: Extra;
}
export const interfaceVlanTable: ElementTable<InterfaceVlan> = element('vlan', {
  tag: attribute('tag', integer(0, 4095)),
  interface: one(vlanDeviceTable),
});

/**
 * A network interface of the host, as libvirt's interface driver shows it; since libvirt 0.7.0. Source: the
 * interface XML format. `bridge`, `bond` and `vlan` go with the type of that name.
 */
export interface HostInterface {
  readonly type: 'ethernet' | 'bridge' | 'bond' | 'vlan';
  /** Device name. */
  readonly name?: string;
  readonly start?: InterfaceStart;
  readonly mtu?: InterfaceMtu;
  /** At most one of each family. */
  readonly protocols?: readonly InterfaceProtocol[];
  readonly link?: InterfaceLink;
  readonly mac?: InterfaceMac;
  readonly bridge?: InterfaceBridge;
  readonly bond?: InterfaceBond;
  readonly vlan?: InterfaceVlan;
  readonly extra?: Extra;
}
export const hostInterfaceTable: ElementTable<HostInterface> = element(
  'interface',
  {
    type: attribute('type', oneOf('ethernet', 'bridge', 'bond', 'vlan')),
    name: optional(attribute('name', text)),
    start: optional(one(interfaceStartTable)),
    mtu: optional(one(interfaceMtuTable)),
    protocols: optional(many(interfaceProtocolTable)),
    link: optional(one(interfaceLinkTable)),
    mac: optional(one(interfaceMacTable)),
    bridge: optional(one(interfaceBridgeTable)),
    bond: optional(one(interfaceBondTable)),
    vlan: optional(one(interfaceVlanTable)),
  },
  { alwaysOpen: true },
);
