import { attribute, type ElementTable, type Extra, element, many, one, optional } from '../element.js';
import { cUint64, integer, ip, oneOf, text, UINT32_MAX, type Uint64, verbatimMac, yesNo } from '../scalar.js';

/** How long dnsmasq lends an address; since libvirt 6.3.0. */
export interface Lease {
  /** Length in `unit`; 0 is for ever, otherwise at least two minutes. Without it libvirt drops the lease. */
  readonly expiry?: Uint64;
  /** Default: `minutes`. */
  readonly unit?: 'seconds' | 'minutes' | 'hours';
  readonly extra?: Extra;
}
export const leaseTable: ElementTable<Lease> = element('lease', {
  expiry: optional(attribute('expiry', cUint64, { empty: 'value', invalid: 'ATTR_UINT' })),
  unit: optional(attribute('unit', oneOf('seconds', 'minutes', 'hours'), { empty: 'value', invalid: 'ATTR_ENUM' })),
});

/** A block of addresses that DHCP hands out. */
export interface DhcpRange {
  /** First address handed out. */
  readonly start: string;
  /** Last address handed out; at most 65536 addresses in all. */
  readonly end: string;
  readonly lease?: Lease;
  readonly extra?: Extra;
}
export const dhcpRangeTable: ElementTable<DhcpRange> = element(
  'range',
  {
    start: attribute('start', ip, { empty: 'value', invalid: 'RANGE_BAD_ADDR', missing: 'RANGE_ATTR' }),
    end: attribute('end', ip, { empty: 'value', invalid: 'RANGE_BAD_ADDR', missing: 'RANGE_ATTR' }),
    lease: optional(one(leaseTable, { since: '6.3.0', lastHaving: 'expiry' })),
  },
  { anyNamespace: true },
);

/** A fixed address for one guest. IPv4 guests are known by `mac` or `name`, IPv6 guests by `id` or `name`. */
export interface DhcpHost {
  /** MAC address of the guest's NIC; IPv4 only. Printed as written. */
  readonly mac?: string;
  /** DUID of an IPv6 guest, such as `00:03:00:01:52:54:00:00:00:01`. */
  readonly id?: string;
  /** Host name; must begin with a letter or digit. */
  readonly name?: string;
  /** The address. Required by libvirt but for net-update, which finds entries by any part. */
  readonly ip: string;
  readonly lease?: Lease;
  readonly extra?: Extra;
}
export const dhcpHostTable: ElementTable<DhcpHost> = element(
  'host',
  {
    mac: optional(attribute('mac', verbatimMac, { empty: 'value', invalid: 'HOST_MAC_BAD' })),
    id: optional(attribute('id', text, { empty: 'value' })),
    name: optional(attribute('name', text, { empty: 'value' })),
    ip: attribute('ip', ip, { empty: 'value', invalid: 'HOST_IP_BAD', missing: 'HOST_IP_MISSING' }),
    lease: optional(one(leaseTable, { since: '6.3.0', lastHaving: 'expiry' })),
  },
  { anyNamespace: true },
);

/** Network boot settings handed out by DHCP; IPv4 only; since libvirt 0.7.1. */
export interface Bootp {
  /** Boot file. Required since libvirt 10.0; before, the element was skipped without it. */
  readonly file?: string;
  /** Address of the TFTP server; since 0.7.3. Default: the network's own. */
  readonly server?: string;
  readonly extra?: Extra;
}
export const bootpTable: ElementTable<Bootp> = element('bootp', {
  file: optional(attribute('file', text, { empty: 'value' })),
  server: optional(attribute('server', ip, { empty: 'value', invalid: 'BOOTP_SERVER' })),
});

/** The DHCP server of one subnet; one IPv4 and one IPv6 subnet of a network may have one. */
export interface Dhcp {
  readonly ranges?: readonly DhcpRange[];
  readonly hosts?: readonly DhcpHost[];
  readonly bootp?: Bootp;
  readonly extra?: Extra;
}
export const dhcpTable: ElementTable<Dhcp> = element(
  'dhcp',
  {
    ranges: optional(many(dhcpRangeTable)),
    hosts: optional(many(dhcpHostTable)),
    bootp: optional(one(bootpTable, { since: '0.7.1', lastHaving: 'file' })),
  },
  { anyNamespace: true },
);

/** The TFTP server of one subnet; IPv4 only; since libvirt 0.7.1. */
export interface Tftp {
  /** Directory that is served. Without it libvirt drops the element. */
  readonly root?: string;
  readonly extra?: Extra;
}
export const tftpTable: ElementTable<Tftp> = element('tftp', { root: optional(attribute('root', text)) });

/** A subnet on the bridge; since libvirt 0.3.0. Source: "Addressing" of libvirt's network format page. */
export interface Ip {
  /** Default: `ipv4`; IPv6 subnets must say so. */
  readonly family?: 'ipv4' | 'ipv6';
  /** The host's own address in the subnet, which is the guests' gateway. */
  readonly address: string;
  /** IPv4 only; not together with `prefix`. */
  readonly netmask?: string;
  /** 1 to 32, or to 128 for IPv6. Default: by class for IPv4, 64 for IPv6. */
  readonly prefix?: number;
  /** True if reverse lookups for the subnet never leave the network; since 3.0.0. */
  readonly localPtr?: boolean;
  readonly tftp?: Tftp;
  readonly dhcp?: Dhcp;
  readonly extra?: Extra;
}
export const ipTable: ElementTable<Ip> = element(
  'ip',
  {
    family: optional(attribute('family', oneOf('ipv4', 'ipv6'), { invalid: 'IP_FAMILY_UNKNOWN' })),
    address: attribute('address', ip, { invalid: 'IP_BAD_ADDRESS', missing: 'IP_NO_ADDRESS' }),
    netmask: optional(attribute('netmask', ip, { invalid: 'IP_BAD_NETMASK' })),
    prefix: optional(attribute('prefix', integer(0, UINT32_MAX), { empty: 'value', invalid: 'ATTR_UINT' })),
    localPtr: optional(attribute('localPtr', yesNo, { since: '3.0.0', empty: 'value', invalid: 'ATTR_ENUM' })),
    tftp: optional(one(tftpTable, { since: '0.7.1' })),
    dhcp: optional(one(dhcpTable)),
  },
  // The release is assumed: 12.1 or an older one prints two tags, 12.6 one.
  { alwaysOpen: { until: '12.2.0' } },
);

/** A static route that the host gets when the network starts; since libvirt 1.0.6. Source: "Static Routes" of libvirt's network format page. */
export interface Route {
  /** Default: `ipv4`. */
  readonly family?: 'ipv4' | 'ipv6';
  /** Destination: a network address, no host bits set. Default: everywhere; required until 12.2.0. */
  readonly address?: string;
  /** IPv4 only; not together with `prefix`. */
  readonly netmask?: string;
  /** 0 to 32, or to 128 for IPv6. */
  readonly prefix?: number;
  /** Next hop; must lie in a subnet of the network. */
  readonly gateway: string;
  /** Not 0. Default: 1. */
  readonly metric?: number;
  readonly extra?: Extra;
}
export const routeTable: ElementTable<Route> = element('route', {
  family: optional(attribute('family', oneOf('ipv4', 'ipv6'), { empty: 'value', invalid: 'ROUTE_FAMILY_UNKNOWN' })),
  address: optional(attribute('address', ip, { empty: 'value', invalid: 'ROUTE_BAD' })),
  netmask: optional(attribute('netmask', ip, { empty: 'value', invalid: 'ROUTE_BAD' })),
  prefix: optional(attribute('prefix', integer(0, UINT32_MAX), { empty: 'value', invalid: 'ATTR_UINT' })),
  gateway: attribute('gateway', ip, { empty: 'value', invalid: 'ROUTE_BAD', missing: 'ROUTE_ATTR' }),
  metric: optional(attribute('metric', integer(0, UINT32_MAX), { empty: 'value', invalid: 'ATTR_UINT' })),
});
