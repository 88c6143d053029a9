import { attribute, type ElementTable, type Extra, element, one, optional } from './element.js';
import { type Mac, macTable } from './network/network.js';
import {
  type Bandwidth,
  bandwidthTable,
  type PortOptions,
  portOptionsTable,
  type VirtualPort,
  type Vlan,
  virtualPortTable,
  vlanTable,
} from './network/ports.js';
import { integer, oneOf, text, UINT32_MAX, yesNo } from './scalar.js';

/** Source of a guest's interface. Source: "Network interfaces" of libvirt's domain format page. */
export interface GuestSource {
  /** Type `network`: the network's name. */
  readonly network?: string;
  /** Type `network`: one of its port groups; since libvirt 0.9.4. */
  readonly portgroup?: string;
  /** Type `bridge`: the host's bridge. */
  readonly bridge?: string;
  /** Type `direct`: the host's card. */
  readonly dev?: string;
  /** Type `direct`: how guests on one card see each other. libvirt's own default is `vepa`. */
  readonly mode?: 'vepa' | 'private' | 'bridge' | 'passthrough';
  readonly extra?: Extra;
}
export const guestSourceTable: ElementTable<GuestSource> = element('source', {
  network: optional(attribute('network', text)),
  portgroup: optional(attribute('portgroup', text)),
  bridge: optional(attribute('bridge', text)),
  dev: optional(attribute('dev', text)),
  mode: optional(attribute('mode', oneOf('vepa', 'private', 'bridge', 'passthrough'), { invalid: 'ATTR_ENUM' })),
});

/** The host's end of a guest's interface. */
export interface GuestTarget {
  /** Name of the tap or macvtap device. Names with `vnet` in front are libvirt's own. */
  readonly dev?: string;
  readonly extra?: Extra;
}
export const guestTargetTable: ElementTable<GuestTarget> = element('target', { dev: optional(attribute('dev', text)) });

/** The card that a guest sees. */
export interface GuestModel {
  /** Such as `virtio` or `e1000e`. */
  readonly type?: string;
  readonly extra?: Extra;
}
export const guestModelTable: ElementTable<GuestModel> = element('model', { type: optional(attribute('type', text)) });

/** Tells whether the guest's cable is plugged in; since libvirt 0.9.5. */
export interface GuestLink {
  /** Default: up. */
  readonly state?: 'up' | 'down';
  readonly extra?: Extra;
}
export const guestLinkTable: ElementTable<GuestLink> = element('link', {
  state: optional(attribute('state', oneOf('up', 'down'), { invalid: 'ATTR_ENUM' })),
});

/** Largest packet of a guest's interface; since libvirt 3.1.0. */
export interface GuestMtu {
  /** In bytes. */
  readonly size?: number;
  readonly extra?: Extra;
}
export const guestMtuTable: ElementTable<GuestMtu> = element('mtu', {
  size: optional(attribute('size', integer(0, UINT32_MAX), { invalid: 'ATTR_INVALID' })),
});

/** `<interface>` of a domain, as far as networks are concerned. Source: libvirt's domain format page. */
export interface GuestInterfaceDocument {
  /** Type of the source. */
  readonly type: 'network' | 'bridge' | 'direct';
  /** Allows the guest to change its MAC address and multicast filters; since libvirt 1.2.10. */
  readonly trustGuestRxFilters?: boolean;
  readonly mac?: Mac;
  readonly source: GuestSource;
  readonly vlan?: Vlan;
  readonly virtualport?: VirtualPort;
  readonly bandwidth?: Bandwidth;
  readonly port?: PortOptions;
  readonly target?: GuestTarget;
  readonly model?: GuestModel;
  readonly link?: GuestLink;
  readonly mtu?: GuestMtu;
  readonly extra?: Extra;
}
export const guestInterfaceTable: ElementTable<GuestInterfaceDocument> = element('interface', {
  type: attribute('type', oneOf('network', 'bridge', 'direct'), { invalid: 'ATTR_ENUM' }),
  trustGuestRxFilters: optional(
    attribute('trustGuestRxFilters', yesNo, { since: '1.2.10', empty: 'value', invalid: 'ATTR_ENUM' }),
  ),
  mac: optional(one(macTable)),
  source: one(guestSourceTable, { missing: 'ELEMENT_REQUIRED' }),
  vlan: optional(one(vlanTable, { since: '0.10.2' })),
  virtualport: optional(one(virtualPortTable)),
  bandwidth: optional(one(bandwidthTable)),
  port: optional(one(portOptionsTable, { since: '6.1.0' })),
  target: optional(one(guestTargetTable)),
  model: optional(one(guestModelTable)),
  link: optional(one(guestLinkTable)),
  mtu: optional(one(guestMtuTable, { since: '3.1.0' })),
});
