import type { XmlElement } from '../../xml/node.js';
import { attribute, type ElementTable, type Extra, element, leaf, many, one, optional, raw } from '../element.js';
import {
  delaySeconds,
  integer,
  mac,
  oneOf,
  onUnlessOff,
  text,
  UINT32_MAX,
  type Uint64,
  uuid,
  wrappingUint32,
  yesNo,
} from '../scalar.js';
import { type Dns, dnsTable } from './dns.js';
import { type Forward, forwardTable } from './forward.js';
import { type Ip, ipTable, type Route, routeTable } from './ip.js';
import {
  type Bandwidth,
  bandwidthTable,
  type PortGroup,
  type PortOptions,
  portGroupTable,
  portOptionsTable,
  type VirtualPort,
  type Vlan,
  virtualPortTable,
  vlanTable,
} from './ports.js';

/** The bridge device on the host. Source: "Connectivity" of libvirt's network format page. */
export interface Bridge {
  /** Device name, at most 15 bytes; `virbr%d` lets libvirt pick the number. Default: libvirt picks `virbrN`. */
  readonly name?: string;
  /** firewalld zone of the bridge; since 5.1.0. Default: `libvirt`. */
  readonly zone?: string;
  /** Spanning tree. Default: on. */
  readonly stp?: boolean;
  /** Seconds before a new port forwards. Default: 0. */
  readonly delay?: Uint64;
  /** Who keeps the bridge's MAC table: `libvirt` switches learning and flooding off; since 1.2.11. Default: `kernel`. */
  readonly macTableManager?: 'kernel' | 'libvirt';
  readonly extra?: Extra;
}
export const bridgeTable: ElementTable<Bridge> = element('bridge', {
  name: optional(attribute('name', text)),
  zone: optional(attribute('zone', text, { since: '5.1.0' })),
  stp: optional(attribute('stp', onUnlessOff)),
  delay: optional(attribute('delay', delaySeconds, { invalid: 'BRIDGE_DELAY' })),
  macTableManager: optional(
    attribute('macTableManager', oneOf('kernel', 'libvirt'), { since: '1.2.11', invalid: 'BRIDGE_MTM' }),
  ),
});

/** Largest packet on the bridge; since libvirt 3.1.0. */
export interface Mtu {
  /** Bytes; 0 is the same as none. */
  readonly size?: number;
  readonly extra?: Extra;
}
export const mtuTable: ElementTable<Mtu> = element('mtu', {
  size: optional(attribute('size', wrappingUint32, { invalid: 'MTU_INVALID' })),
});

/** The bridge's MAC address; since libvirt 0.8.8. */
export interface Mac {
  /** Unicast. Default: libvirt picks one that begins with 52:54:00. */
  readonly address?: string;
  readonly extra?: Extra;
}
export const macTable: ElementTable<Mac> = element('mac', {
  address: optional(attribute('address', mac, { invalid: 'MAC_INVALID' })),
});

/** The DNS domain of the guests; since libvirt 0.4.5. */
export interface Domain {
  /** Domain name. Without it libvirt drops the element. */
  readonly name?: string;
  /** True if queries for the domain never leave the network; since 1.2.12. Default: false. */
  readonly localOnly?: boolean;
  /** True if the host's systemd-resolved is told about the domain; since 10.1.0. Needs `localOnly`. */
  readonly register?: boolean;
  readonly extra?: Extra;
}
export const domainTable: ElementTable<Domain> = element('domain', {
  name: optional(attribute('name', text, { empty: 'value' })),
  localOnly: optional(attribute('localOnly', yesNo, { since: '1.2.12', empty: 'value', invalid: 'ATTR_ENUM' })),
  register: optional(attribute('register', yesNo, { since: '10.1.0', empty: 'value', invalid: 'ATTR_ENUM' })),
});

/** Namespace of the dnsmasq options. */
export const DNSMASQ_NAMESPACE = 'http://libvirt.org/schemas/network/dnsmasq/1.0';
const dnsmasqNamespace = { uri: DNSMASQ_NAMESPACE, prefix: 'dnsmasq' };

/** A line for dnsmasq's configuration file. */
export interface DnsmasqOption {
  /** The line, such as `dhcp-option=3`. Not checked by libvirt. */
  readonly value: string;
  readonly extra?: Extra;
}
export const dnsmasqOptionTable: ElementTable<DnsmasqOption> = element(
  'option',
  { value: attribute('value', text, { empty: 'value', missing: 'DNSMASQ_NO_VALUE' }) },
  { namespace: dnsmasqNamespace },
);

/** Lines passed through to dnsmasq; since libvirt 5.6.0. Source: "Network namespaces" of libvirt's network format page. */
export interface DnsmasqOptions {
  readonly options?: readonly DnsmasqOption[];
  readonly extra?: Extra;
}
export const dnsmasqOptionsTable: ElementTable<DnsmasqOptions> = element(
  'options',
  { options: optional(many(dnsmasqOptionTable)) },
  { namespace: dnsmasqNamespace },
);

/**
 * Everything that a `<network>` element can say, whatever its kind, as plain JSON-safe data. Property
 * names follow the XML, plural for lists.
 */
export interface NetworkDocument {
  /** Guests attached now; reported by libvirt, ignored on input. */
  readonly connections?: number;
  /** True to allow IPv6 between guests although the host has no IPv6 address; since 1.0.1. */
  readonly ipv6?: boolean;
  /** True if guests may change their MAC and multicast filters; since 1.2.10. */
  readonly trustGuestRxFilters?: boolean;
  /** Unique name, without `/`. */
  readonly name: string;
  /** Identity of the network. Default: libvirt makes one. */
  readonly uuid?: string;
  /** A line for people; since 9.7.0. */
  readonly title?: string;
  /** Text for people; since 9.7.0. */
  readonly description?: string;
  /** Elements of other applications, each in a namespace of its own; since 2.1.0. */
  readonly metadata?: readonly XmlElement[];
  readonly forward?: Forward;
  readonly bridge?: Bridge;
  readonly mtu?: Mtu;
  readonly mac?: Mac;
  readonly domain?: Domain;
  readonly dns?: Dns;
  readonly vlan?: Vlan;
  readonly bandwidth?: Bandwidth;
  readonly port?: PortOptions;
  readonly ips?: readonly Ip[];
  readonly routes?: readonly Route[];
  readonly virtualport?: VirtualPort;
  readonly portgroups?: readonly PortGroup[];
  readonly dnsmasq?: DnsmasqOptions;
  readonly extra?: Extra;
}
export const networkTable: ElementTable<NetworkDocument> = element('network', {
  connections: optional(attribute('connections', integer(0, UINT32_MAX), { since: '0.10.0', output: true })),
  ipv6: optional(attribute('ipv6', yesNo, { since: '1.0.1', invalid: 'NET_IPV6_ATTR' })),
  trustGuestRxFilters: optional(
    attribute('trustGuestRxFilters', yesNo, { since: '1.2.10', empty: 'value', invalid: 'ATTR_ENUM' }),
  ),
  name: leaf('name', text, { missing: 'NAME_MISSING' }),
  uuid: optional(leaf('uuid', uuid, { invalid: 'UUID_MALFORMED' })),
  title: optional(leaf('title', text, { since: '9.7.0' })),
  description: optional(leaf('description', text, { since: '9.7.0' })),
  metadata: optional(raw('metadata', { since: '2.1.0' })),
  forward: optional(one(forwardTable)),
  bridge: optional(one(bridgeTable)),
  mtu: optional(one(mtuTable, { since: '3.1.0', firstHaving: 'size' })),
  mac: optional(one(macTable, { since: '0.8.8' })),
  domain: optional(one(domainTable, { since: '0.4.5' })),
  dns: optional(one(dnsTable, { since: '0.9.3' })),
  vlan: optional(one(vlanTable, { since: '0.10.2' })),
  bandwidth: optional(one(bandwidthTable, { since: '0.9.4' })),
  port: optional(one(portOptionsTable, { since: '6.1.0' })),
  ips: optional(many(ipTable)),
  routes: optional(many(routeTable, { since: '1.0.6' })),
  virtualport: optional(one(virtualPortTable, { since: '0.9.4' })),
  portgroups: optional(many(portGroupTable, { since: '0.9.4' })),
  dnsmasq: optional(one(dnsmasqOptionsTable, { since: '5.6.0' })),
});
