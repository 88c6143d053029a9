/** How OVN has a property of libvirt's network format. */
export interface OvnField {
  /** `otherwise` where the effect differs from that on a libvirt host. */
  readonly verdict: 'yes' | 'otherwise';
  /** Where it is in OVN, or what differs. */
  readonly how: string;
}

const yes = (how: string): OvnField => ({ verdict: 'yes', how });
const otherwise = (how: string): OvnField => ({ verdict: 'otherwise', how });

const KEPT = otherwise('kept with the network, without an effect');
const SUBNET = yes('address of the logical router, subnet of the DHCP options');
const RANGE = yes('addresses of ports that ask for a free one; IPv4');
const LEASE = yes('lease time of the DHCP options; the same for all ranges of a subnet');
const OWN_LEASE = yes('lease time of DHCP options only for this port; IPv4');
const ROUTE = yes('static route of the logical router');
const LOOPS = otherwise('without an effect: a logical switch has no loops');
const LIMIT = otherwise('QoS rule: the limit holds for the guests of each host, not for all together');

/** The properties that OVN has, by their paths in the document. It has none of the others. */
export const OVN_FIELDS: Readonly<Record<string, OvnField>> = {
  name: yes('name of the logical switch'),
  uuid: KEPT,
  title: KEPT,
  description: KEPT,
  metadata: otherwise('port forwards become load balancers; everything else is kept with the network'),
  connections: otherwise('a report of libvirt, which is left out'),
  ipv6: otherwise('guests always reach each other over IPv6'),
  'forward.mode': yes('logical router; NAT rows for mode nat'),
  'forward.nat.ipv6': yes('NAT rows for the IPv6 subnets'),
  'forward.nat.address.start': yes('external address of the NAT rows'),
  'forward.nat.address.end': yes('the same as start: outgoing traffic has one address'),
  'forward.nat.port.start': yes('external port range of the NAT rows'),
  'forward.nat.port.end': yes('external port range of the NAT rows'),
  'bridge.stp': LOOPS,
  'bridge.delay': LOOPS,
  'mtu.size': yes(
    'DHCP option 26, router advertisements, and the router answers larger packets from outside; 1442 where it is not given',
  ),
  'mac.address': yes('MAC address of the logical router'),
  'domain.name': yes('DHCP option 15, search list of router advertisements, names in DNS'),
  'dns.enable': yes('no DNS records where it is off'),
  'dns.forwarders[].addr': otherwise('the guests ask this server themselves; OVN answers for its own names on the way'),
  'dns.forwarders[].port': yes('53 only'),
  'dns.hosts[].ip': yes('DNS records'),
  'dns.hosts[].hostnames[]': yes('DNS records'),
  'bandwidth.inbound.average': LIMIT,
  'bandwidth.inbound.burst': LIMIT,
  'bandwidth.outbound.average': LIMIT,
  'bandwidth.outbound.burst': LIMIT,
  'port.isolated': yes('ACL: a guest hears only the router'),
  'ips[].family': SUBNET,
  'ips[].address': SUBNET,
  'ips[].netmask': SUBNET,
  'ips[].prefix': SUBNET,
  'ips[].dhcp.ranges[].start': RANGE,
  'ips[].dhcp.ranges[].end': RANGE,
  'ips[].dhcp.ranges[].lease.expiry': LEASE,
  'ips[].dhcp.ranges[].lease.unit': LEASE,
  'ips[].dhcp.hosts[].mac': yes('addresses of the port with this MAC address'),
  'ips[].dhcp.hosts[].id': yes('a DUID that is made of a MAC address'),
  'ips[].dhcp.hosts[].name': yes('DHCP option 12 and DNS records'),
  'ips[].dhcp.hosts[].ip': yes('addresses of the port'),
  'ips[].dhcp.hosts[].lease.expiry': OWN_LEASE,
  'ips[].dhcp.hosts[].lease.unit': OWN_LEASE,
  'ips[].dhcp.bootp.file': yes('DHCP option 67; with a server'),
  'ips[].dhcp.bootp.server': yes('next server of the DHCP options'),
  'routes[].family': ROUTE,
  'routes[].address': ROUTE,
  'routes[].netmask': ROUTE,
  'routes[].prefix': ROUTE,
  'routes[].gateway': ROUTE,
};

/** Reasons for properties that OVN does not have, where there is more to say. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^forward\.(?:dev|interfaces)/, 'a logical router has no device of a host: name the physical network in outside'],
  [/^bridge\./, 'the guests are on br-int of each host, and a logical switch has no bridge settings'],
  [/^domain\./, 'OVN passes queries for names that it does not know on, and has no resolver on the host'],
  [/^dns\.(?:txts|srvs)/, 'OVN answers for addresses only'],
  [/^dns\./, 'OVN has no DNS server of its own that could choose where a query goes'],
  [/\.localPtr$/, 'OVN passes queries for names that it does not know on'],
  [/\.tftp/, 'OVN has no TFTP server: name one with bootp'],
  [/\.peak$|\.floor$/, 'a QoS rule has only a rate and a burst'],
  [/\.metric$/, 'routes of a logical router have no metric'],
  [/^dnsmasq/, 'there is no dnsmasq'],
  [/^(?:virtualport|portgroups|vlan|trustGuestRxFilters)/, 'it is about ports of a device of the host'],
];

/** Says why OVN does not have a property. */
export const reasonFor = (path: string): string =>
  REASONS.find(([pattern]) => pattern.test(path))?.[1] ?? 'OVN has nothing of the kind';
