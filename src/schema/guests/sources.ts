import { attribute, type ElementTable, type Extra, element, type FieldFacts, many, one, optional } from '../element.js';
import { type Route, routeTable } from '../network/ip.js';
import { int32, integer, looseYes, oneOf, pciPart, text, UINT32_MAX, uuid, yesNo } from '../scalar.js';
import { type NicIp, nicIpTable } from './addresses.js';
import { hexadecimal, NUMBER, WORD } from './card.js';
import { int64 } from './int64.js';
import { GIVEN, type MacTableManager, macTableManager, type ReportedNetwork, reported } from './network-source.js';
import { busNumber, uint32 } from './scalars.js';

/** How guests on one device of the host see each other. */
export type MacvtapMode = 'vepa' | 'private' | 'bridge' | 'passthrough';

/** A bridge of the host. */
export interface BridgeNicSource extends ReportedNetwork {
  /** Device name. */
  readonly bridge: string;
  /** Reported of running guests. */
  readonly macTableManager?: MacTableManager;
  readonly extra?: Extra;
}
export const bridgeNicSourceTable: ElementTable<BridgeNicSource> = element('source', {
  ...reported,
  bridge: attribute('bridge', text, GIVEN),
  macTableManager,
});

/** A device of the host, over macvtap. */
export interface DirectNicSource extends ReportedNetwork {
  /** Device name. */
  readonly dev: string;
  /** Default: `vepa`. */
  readonly mode?: MacvtapMode;
  readonly extra?: Extra;
}
export const directNicSourceTable: ElementTable<DirectNicSource> = element('source', {
  ...reported,
  dev: attribute('dev', text, GIVEN),
  mode: optional(attribute('mode', oneOf('vepa', 'private', 'bridge', 'passthrough'), WORD)),
});

/** The host's end of a tap. */
export interface EthernetNicSource {
  /** Addresses of the tap on the host; since libvirt 2.1.0. */
  readonly ips?: readonly NicIp[];
  /** Routes of the host through the tap; since 2.1.0. */
  readonly routes?: readonly Route[];
  readonly extra?: Extra;
}
export const ethernetNicSourceTable: ElementTable<EthernetNicSource> = element('source', {
  ips: optional(many(nicIpTable)),
  routes: optional(many(routeTable)),
});

/** The device that passt's packets leave by. */
export interface UserNicSource {
  /** Device name; only with passt; since libvirt 9.0.0. Default: that of the host's default route. */
  readonly dev?: string;
  readonly extra?: Extra;
}
export const userNicSourceTable: ElementTable<UserNicSource> = element('source', {
  dev: optional(attribute('dev', text, { since: '9.0.0' })),
});

/** How often QEMU tries to reach a vhost-user peer that is gone; since libvirt 4.1.0. */
export interface NicReconnect {
  readonly enabled: boolean;
  /** Seconds between two tries; needed when enabled. */
  readonly timeout?: number;
  /** Milliseconds between two tries, instead of `timeout`; only in the grammar of files for guests' disks. */
  readonly delay?: number;
  readonly extra?: Extra;
}
export const nicReconnectTable: ElementTable<NicReconnect> = element('reconnect', {
  enabled: attribute('enabled', yesNo, WORD),
  timeout: optional(attribute('timeout', uint32, NUMBER)),
  delay: optional(attribute('delay', uint32, NUMBER)),
});

/** The socket of a vhost-user switch, such as Open vSwitch with DPDK. */
export interface VhostUserNicSource {
  /** Default: `unix`; required before libvirt 11.1. */
  readonly type?: 'unix';
  /** Path of the socket. */
  readonly path?: string;
  /** Says who listens: `server` for the guest. Default: `client`; required before 11.1. */
  readonly mode?: 'client' | 'server';
  /** With passt: device that packets leave by. */
  readonly dev?: string;
  readonly reconnect?: NicReconnect;
  readonly extra?: Extra;
}
export const vhostUserNicSourceTable: ElementTable<VhostUserNicSource> = element('source', {
  type: optional(attribute('type', oneOf('unix'), { invalid: 'ATTR_ENUM' })),
  path: optional(attribute('path', text)),
  mode: optional(attribute('mode', oneOf('client', 'server'), WORD)),
  dev: optional(attribute('dev', text)),
  reconnect: optional(one(nicReconnectTable)),
});

/** A vDPA device of the host. */
export interface VdpaNicSource {
  /** Path, such as `/dev/vhost-vdpa-0`. */
  readonly dev: string;
  readonly extra?: Extra;
}
export const vdpaNicSourceTable: ElementTable<VdpaNicSource> = element('source', {
  dev: attribute('dev', text, GIVEN),
});

/** A network inside of the hypervisor. */
export interface InternalNicSource {
  readonly name: string;
  readonly extra?: Extra;
}
export const internalNicSourceTable: ElementTable<InternalNicSource> = element('source', {
  name: attribute('name', text, GIVEN),
});

/** The address and port of a socket that carries a guest's packets. */
export interface SocketNicSource {
  readonly address: string;
  readonly port: number;
  readonly extra?: Extra;
}
const socketFields = {
  address: attribute('address', text, GIVEN),
  port: attribute('port', int32, { empty: 'value', invalid: 'ATTR_INVALID' }),
};
export const socketNicSourceTable: ElementTable<SocketNicSource> = element<SocketNicSource>('source', socketFields);

/** The port that a socket for a guest's packets listens on. */
export interface ServerNicSource {
  /** Default: all addresses of the host. */
  readonly address?: string;
  readonly port: number;
  readonly extra?: Extra;
}
export const serverNicSourceTable: ElementTable<ServerNicSource> = element('source', {
  ...socketFields,
  address: optional(attribute('address', text)),
});

/** The host's own end of a UDP tunnel. */
export interface UdpLocal {
  readonly address: string;
  readonly port: number;
  readonly extra?: Extra;
}
export const udpLocalTable: ElementTable<UdpLocal> = element<UdpLocal>('local', socketFields);

/** Both ends of a UDP tunnel; since libvirt 1.2.20. */
export interface UdpNicSource extends SocketNicSource {
  readonly local: UdpLocal;
}
export const udpNicSourceTable: ElementTable<UdpNicSource> = element('source', {
  ...socketFields,
  local: one(udpLocalTable, { missing: 'ELEMENT_REQUIRED' }),
});

/** A port of a VMware distributed switch. */
export interface VdsNicSource {
  /** Identity of the switch. */
  readonly switchid: string;
  /** Default: 0; required before libvirt 11.3. */
  readonly portid?: number | string;
  readonly portgroupid?: string;
  /** Default: 0; required before libvirt 11.3. */
  readonly connectionid?: number | string;
  readonly extra?: Extra;
}
const long: FieldFacts = { empty: 'value', invalid: 'ATTR_INVALID' };
export const vdsNicSourceTable: ElementTable<VdsNicSource> = element('source', {
  switchid: attribute('switchid', uuid, long),
  portid: optional(attribute('portid', int64, long)),
  portgroupid: optional(attribute('portgroupid', text)),
  connectionid: optional(attribute('connectionid', int64, long)),
});

/** The device of the host that a guest gets. */
export interface HostdevNicAddress {
  /** `pci`, or `usb`. */
  readonly type: 'pci' | 'usb';
  /** PCI: 0 to 0xffff. */
  readonly domain?: number;
  /** PCI: 0 to 255; USB: the bus, which libvirt prints in decimal digits. */
  readonly bus?: number | string;
  /** PCI: 0 to 31. */
  readonly slot?: number;
  /** PCI: 0 to 7. */
  readonly function?: number;
  /** PCI: read and dropped by libvirt. */
  readonly multifunction?: 'on' | 'off';
  /** USB: number of the device. */
  readonly device?: number;
  /** USB: port; read and dropped by libvirt. */
  readonly port?: string;
  readonly extra?: Extra;
}
export const hostdevNicAddressTable: ElementTable<HostdevNicAddress> = element('address', {
  type: attribute('type', oneOf('pci', 'usb'), WORD),
  domain: hexadecimal('domain', 4),
  bus: optional(attribute('bus', busNumber, NUMBER)),
  slot: hexadecimal('slot', 2),
  function: hexadecimal('function', 1),
  multifunction: optional(attribute('multifunction', oneOf('on', 'off'), WORD)),
  device: optional(attribute('device', integer(0, UINT32_MAX), NUMBER)),
  port: optional(attribute('port', text)),
});

/** Number of a USB device's maker or product. */
export interface UsbId {
  /** Up to 0xffff. */
  readonly id: number;
  readonly extra?: Extra;
}
const usbId = { id: attribute('id', pciPart(0xffff, 4), NUMBER) };
export const usbVendorTable: ElementTable<UsbId> = element<UsbId>('vendor', usbId);
export const usbProductTable: ElementTable<UsbId> = element<UsbId>('product', usbId);

/** A device of the host, usually a virtual function of a card. */
export interface HostdevNicSource {
  /** USB: what happens where the device is missing; read and dropped by libvirt. */
  readonly missing?: boolean;
  readonly vendor?: UsbId;
  readonly product?: UsbId;
  readonly address?: HostdevNicAddress;
  readonly extra?: Extra;
}
export const hostdevNicSourceTable: ElementTable<HostdevNicSource> = element('source', {
  missing: optional(attribute('missing', looseYes)),
  vendor: optional(one(usbVendorTable)),
  product: optional(one(usbProductTable)),
  address: optional(one(hostdevNicAddressTable)),
});
