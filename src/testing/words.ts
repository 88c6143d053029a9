import { RELEASE_10, RELEASE_12 } from '../schema/release.js';
import type { Found, Params } from '../schema/rules/context.js';
import { type RuleId, ruleOf } from '../schema/rules/table.js';

/** Prefixes that libvirt's error codes put before their words. */
const PREFIX = {
  xml: 'XML error: ',
  config: 'unsupported configuration: ',
  internal: 'internal error: ',
  none: '',
  operation: 'Requested operation is not valid: ',
  unsupported: 'Operation not supported: ',
  overflow: 'numerical overflow: ',
  argument: 'invalid argument: ',
} as const;

type Row = readonly [prefix: keyof typeof PREFIX, words: string];

/** libvirt's message about an attribute in any element. */
const ATTRIBUTE = "Invalid value for attribute '{attribute}' in element '{element}': '{value}'.";

/**
 * libvirt's own words for the rules that it has, with the parameters of the finding and `{n}` for the network's name.
 * Source: read in libvirt 11.3 and compared with daemons up to 12.9.
 */
const WORDS: Readonly<Partial<Record<RuleId, Row>>> = {
  ATTR_REQUIRED: ['xml', "Missing required attribute '{attribute}' in element '{element}'"],
  ATTR_ENUM: ['xml', ATTRIBUTE],
  ATTR_UINT: ['xml', `${ATTRIBUTE} Expected non-negative integer value`],
  ATTR_ZERO: ['xml', "Invalid value for attribute '{attribute}' in element '{element}': Zero is not permitted"],
  XML_ROOT: ['xml', "expecting root element of 'network', not '{value}'"],
  NAME_MISSING: ['none', 'missing name information'],
  NAME_SLASH: ['none', 'invalid char in name: /'],
  UUID_MALFORMED: ['internal', 'malformed uuid element'],
  TITLE_NEWLINE: ['xml', "Network title can't contain newlines"],
  NET_IPV6_ATTR: ['xml', "Invalid ipv6 setting '{value}' in network '{n}'"],
  DOMAIN_REGISTER_LOCALONLY: [
    'config',
    "attribute 'register=yes' in <domain> element requires 'localOnly=yes' in network {n}",
  ],
  BW_NO_AVERAGE: ['none', 'Missing mandatory average or floor attributes'],
  BW_PEAK_NO_AVERAGE: ['config', "'peak' and 'burst' require 'average' attribute"],
  BW_FLOOR: ['config', 'floor attribute is not supported for this config'],
  BW_CLASSID: ['none', 'classID attribute not supported on <bandwidth> in this usage context'],
  BW_NUMBER: ['xml', `${ATTRIBUTE} Expected non-negative integer value`],
  BW_DUPLICATE: ['none', 'Only one child <{element}> element allowed'],
  BW_TOO_BIG: ['overflow', "value '{value}' is too big for '{attribute}' parameter, maximum is '{limit}'"],
  VLAN_NO_TAG: ['xml', "missing tag id - each <vlan> must have at least one <tag id='n'/> subelement"],
  VLAN_TRUNK_REQUIRED: ['xml', "invalid \"trunk='no'\" in <vlan> - trunk='yes' is required for more than one vlan tag"],
  VLAN_TRUNK_NATIVE: ['xml', 'invalid configuration in <vlan> - "trunk=\'no\'" is not allowed with a native vlan id'],
  VLAN_TRUNK_VALUE: ['xml', 'invalid "trunk=\'{value}\'" in <vlan> - must be yes or no'],
  VLAN_ID_RANGE: ['xml', 'vlan tag id {value} too large (maximum 4095)'],
  VLAN_NATIVE_DUP: ['xml', 'duplicate native vlan setting'],
  VLAN_MODE: ['config', "<vlan> element specified for network {n}, whose type doesn't support vlan configuration"],
  VPORT_TYPE_UNKNOWN: ['xml', ATTRIBUTE],
  VPORT_TYPE_MISSING: ['xml', 'missing required virtualport type'],
  VPORT_PARSE: ['xml', `${ATTRIBUTE} Expected non-negative integer value`],
  VPORT_RANGE: ['xml', 'value of {attribute} out of range'],
  VPORT_UUID: ['xml', `${ATTRIBUTE} Expected UUID`],
  VPORT_PROFILE_LONG: ['xml', 'profileid parameter too long'],
  VPORT_EXTRA: ['xml', "extra {attribute} unsupported in <virtualport type='{type}'>"],
  PG_NO_NAME: ['xml', 'Missing required name attribute in portgroup'],
  PG_TWO_DEFAULTS: [
    'config',
    "network '{n}' has multiple default <portgroup> elements ({first} and {second}), but only one default is allowed",
  ],
  PG_DUP_NAME: ['config', "multiple <portgroup> elements with the same name ({name}) in network '{n}'"],
  PG_BW_MODE: [
    'config',
    "Unsupported <bandwidth> element in network '{n}' in portgroup '{group}' with forward mode='{mode}'",
  ],
  NET_BW_MODE: ['config', "Unsupported network-wide <bandwidth> element in network {n} with forward mode='{mode}'"],
  BRIDGE_DELAY: ['xml', "Invalid delay value in network '{n}'"],
  BRIDGE_MTM: ['xml', "Invalid macTableManager setting '{value}' in network '{n}'"],
  MAC_INVALID: ['xml', "Invalid bridge mac address '{value}' in network '{n}'"],
  MAC_MULTICAST: ['xml', "Invalid multicast bridge mac address '{value}' in network '{n}'"],
  MTU_INVALID: ['xml', "Invalid mtu size '{value}' in network '{n}'"],
  MTU_MODE: ['xml', "mtu size only allowed in open, route, nat, and isolated mode, not in {mode} (network '{n}')"],
  BRIDGE_NAME_MODE: ['xml', "bridge name not allowed in {mode} mode (network '{n}')"],
  BRIDGE_ZONE_MODE: ['xml', "bridge zone not allowed in {mode} mode (network '{n}')"],
  BRIDGE_MTM_MODE: ['xml', "bridge macTableManager setting not allowed in {mode} mode (network '{n}')"],
  BRIDGE_STP_MODE: [
    'xml',
    "bridge delay/stp/zone options only allowed in open, route, nat, and isolated mode, not in {mode} (network '{n}')",
  ],
  BRIDGE_OR_DEV: [
    'xml',
    "A network with forward mode='{mode}' can specify a bridge name or a forward dev, but not both (network '{n}')",
  ],
  MAC_MODE: ['config', "Unsupported <mac> element in network {n} with forward mode='{mode}'"],
  IP_MODE: ['config', "Unsupported <ip> element in network {n} with forward mode='{mode}'"],
  DNS_MODE: ['config', "Unsupported <dns> element in network {n} with forward mode='{mode}'"],
  DOMAIN_MODE: ['config', "Unsupported <domain> element in network {n} with forward mode='{mode}'"],
  FWD_MODE_UNKNOWN: ['config', "unknown forwarding type '{value}'"],
  NAT_TWICE: ['xml', 'Only one <nat> element is allowed in <forward> of network {n}'],
  NAT_MODE: ['xml', "The <nat> element can only be used when <forward> 'mode' is 'nat' in network {n}"],
  NAT_ADDR_TWICE: ['xml', 'Only one <address> element is allowed in <nat> in <forward> in network {n}'],
  NAT_PORT_TWICE: ['xml', 'Only one <port> element is allowed in <nat> in <forward> in network {n}'],
  NAT_ADDR_ATTR: ['xml', "missing '{attribute}' attribute in <address> element in <nat> in <forward> in network {n}"],
  FWD_DRIVER: ['xml', "Invalid value for attribute 'name' in element 'driver': '{value}'."],
  FWD_IF_NO_DEV: ['xml', 'Missing required dev attribute in <forward> <interface> element of network {n}'],
  FWD_PF_NO_DEV: ['xml', "Missing required dev attribute in <pf> element of network '{n}'"],
  FWD_PCI_DUP: ['xml', "PCI device '{value}' can only be listed once in network {n}"],
  FWD_ADDR_NO_TYPE: ['xml', 'missing address type in network {n}'],
  FWD_IF_DUP: ['xml', "interface '{value}' can only be listed once in network {n}"],
  FWD_DEV_MISMATCH: ['xml', "<forward dev='{value}'> must match first <interface dev='{first}'/> in network {n}"],
  FWD_PF_TWICE: ['xml', 'Only one <pf> element is allowed in <forward> of network {n}'],
  FWD_NEEDS_IP: ['xml', "{mode} forwarding requested, but no IP address provided for network '{n}'"],
  FWD_MULTI_IF: ['xml', "multiple forwarding interfaces specified for network '{n}', only one is supported"],
  FWD_OPEN_DEV: ['xml', "forward dev not allowed for network '{n}' with forward mode='open'"],
  IP_NO_ADDRESS: ['xml', "Missing required address attribute in network '{n}'"],
  IP_BAD_ADDRESS: ['xml', "Invalid address '{value}' in network '{n}'"],
  IP_BAD_NETMASK: ['xml', "Invalid netmask '{value}' in network '{n}'"],
  IP_NETMASK_AND_PREFIX: ['config', "Network '{n}' IP address cannot have both a prefix and a netmask"],
  IP_FAMILY6: ['config', "Family 'ipv6' specified for non-IPv6 address '{value}' in network '{n}'"],
  IP_FAMILY_UNKNOWN: ['xml', "Unrecognized family '{value}' in network '{n}'"],
  IP_FAMILY4: ['config', "{family} family specified for non-IPv4 address '{value}' in network '{n}'"],
  IP_NETMASK_FAMILY: [
    'config',
    "Invalid netmask '{value}' for address '{address}' in network '{n}' (both must be IPv4)",
  ],
  IP_NETMASK_V6: ['config', "netmask not allowed for IPv6 address '{address}' in network '{n}'"],
  TFTP_V6: ['config', "Unsupported <tftp> element in an IPv6 element in network '{n}'"],
  RANGE_ATTR: ['xml', "Missing '{attribute}' attribute in dhcp range for network '{n}'"],
  RANGE_FAMILY: ['internal', 'mismatch of address family in range {start} - {end} for network {address}'],
  DHCP_RANGE_OUTSIDE_SUBNET: ['internal', 'range {start} - {end} is not entirely within network {address}/{prefix}'],
  RANGE_BAD_ADDR: ['none', "Cannot parse socket address '{value}': Name or service not known"],
  RANGE_BAD_PREFIX: ['internal', 'bad prefix -1 for network {address} when checking range {start} - {end}'],
  RANGE_NETADDR: ['internal', 'start of range {start} - {end} in network {address}/{prefix} is the network address'],
  RANGE_BROADCAST: ['internal', 'end of range {start} - {end} in network {address}/{prefix} is the broadcast address'],
  RANGE_REVERSED: ['internal', 'range {start} - {end} is reversed'],
  RANGE_TOO_LARGE: ['internal', 'range {start} - {end} is too large (> 65535)'],
  LEASE_TOO_SHORT: ['config', 'The minimum lease time should be greater than 2 minutes'],
  HOST_MAC_V6: ['xml', "Invalid to specify MAC address '{value}' in network '{n}' IPv6 static host definition"],
  HOST_MAC_BAD: ['xml', "Cannot parse MAC address '{value}' in network '{n}'"],
  HOST_MAC_MULTICAST: ['xml', "expected unicast mac address, found multicast '{value}' in network '{n}'"],
  HOST_ID_CHAR: ['xml', "Invalid character '{character}' in id '{value}' of network '{n}'"],
  BOOTP_SERVER: ['none', "Cannot parse socket address '{value}': Name or service not known"],
  HOST_NAME: ['xml', "Cannot use host name '{value}' in network '{n}'"],
  HOST_IP_BAD: ['xml', "Invalid IP address in static host definition for network '{n}'"],
  HOST_IP_MISSING: ['xml', "Missing IP address in static host definition for network '{n}'"],
  HOST_KEY_V4: ['xml', "Static host definition in IPv4 network '{n}' must have mac or name attribute"],
  HOST_KEY_V6: ['xml', "Static host definition in IPv6 network '{n}' must have id or name attribute"],
  DHCP_MULTIPLE: [
    'config',
    'Multiple {family} dhcp sections found -- dhcp is supported only for a single {family} address on each network',
  ],
  DNS_DISABLED_DATA: ['xml', "Extra data in disabled network '{n}'"],
  DNS_FWD_EMPTY: ['xml', 'Invalid forwarder element, must contain at least one of addr or domain'],
  DNS_FWD_PORT: ['xml', `${ATTRIBUTE} Expected integer value`],
  DNS_FWD_ADDR: ['xml', "Invalid forwarder IP address '{value}' in network '{n}'"],
  DNS_HOST_IP: ['none', "Missing IP address in network '{n}' DNS HOST record"],
  DNS_HOST_IP_BAD: ['none', "Invalid IP address in network '{n}' DNS HOST record"],
  DNS_HOST_NAME: ['none', "Missing hostname in network '{n}' DNS HOST record"],
  DNS_TXT_NAME: ['none', 'missing required name attribute in DNS TXT record of network {n}'],
  DNS_TXT_CHAR: ['none', "prohibited character in DNS TXT record name '{value}' of network {n}"],
  DNS_TXT_VALUE: ['none', "missing required value attribute in DNS TXT record named '{name}' of network {n}"],
  DNS_SRV_SERVICE: ['none', "missing required service attribute in DNS SRV record of network '{n}'"],
  DNS_SRV_SERVICE_LONG: ['none', "service attribute '{service}' in network '{n}' is too long, limit is 482 bytes"],
  DNS_SRV_SERVICE_CHAR: ['none', "invalid character in service attribute '{value}' in DNS SRV record of network '{n}'"],
  DNS_SRV_PROTO: ['none', "missing required protocol attribute in DNS SRV record '{service}' of network '{n}'"],
  DNS_SRV_PROTO_CHAR: ['none', "invalid character in protocol attribute '{value}' in DNS SRV record of network '{n}'"],
  DNS_SRV_NO_TARGET: [
    'none',
    "DNS SRV {attribute} attribute not permitted without target for service '{service}' in network '{n}'",
  ],
  DNS_SRV_NUMBER: ['none', "invalid DNS SRV {attribute} attribute for service '{service}' in network '{n}'"],
  DNSMASQ_NO_VALUE: ['internal', 'No dnsmasq options value specified'],
  ROUTE_ATTR: ['xml', '{n}: Missing required {attribute} attribute in route definition'],
  ROUTE_BAD: ['xml', "{n}: Bad {attribute} '{value}' in route definition"],
  ROUTE_FAMILY_UNKNOWN: ['xml', "{n}: Unrecognized family '{value}' in route definition"],
  ROUTE_FAMILY: ['xml', "{n}: {specified} specified for non-{Family} {attribute} '{address}' in route definition"],
  ROUTE_NETMASK_V6: ['xml', '{n}: Specifying netmask invalid for IPv6'],
  ROUTE_NETMASK_BOTH: ['xml', '{n}: Route definition cannot have both a prefix and a netmask'],
  ROUTE_PREFIX: ['xml', '{n}: Invalid prefix {value} specified in route definition, must be 0 - {limit}'],
  ROUTE_NOT_NETWORK: ['xml', "{n}: Address '{value}' in route definition is not a network address"],
  ROUTE_UNREACHABLE: ['config', "unreachable static route gateway '{value}' specified for network '{n}'"],
  BRIDGE_NAME_LONG: ['none', 'error creating bridge interface {value}: Numerical result out of range'],
  BRIDGE_NAME_INVALID: ['none', 'error creating bridge interface {value}: Invalid argument'],
  NAT_PORT_EQUAL: ['internal', "Invalid port range '{value}-{value}'."],
};

/** Messages that depend on the value. */
const WORDS_BY_VALUE: Readonly<Partial<Record<RuleId, (params: Params) => Row | undefined>>> = {
  DNS_FWD_PORT: ({ value = '' }) => {
    const port = /^\s*[-+]?\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(Math.abs(port) <= 0x7fff_ffff)) return undefined;
    if (port === 0) return WORDS.ATTR_ZERO;
    return port < 0 ? ['xml', `${ATTRIBUTE} Expected non-negative value`] : ['argument', "port '{value}' out of range"];
  },
  ROUTE_FAMILY: ({ attribute, family }) =>
    attribute === 'gateway' && family === 'ipv6'
      ? ['xml', "{n}: ipv6 specified for non-IPv6 gateway address '{value}' in route definition"]
      : undefined,
  VPORT_RANGE: ({ attribute }) => (attribute === 'typeid' ? ['xml', 'value for typeid out of range'] : undefined),
};

/** Messages of releases before 12.0 that differ. */
const WORDS_UNTIL_12: Readonly<Partial<Record<RuleId, Row>>> = {
  VPORT_TYPE_UNKNOWN: ['config', 'unknown virtualport type {value}'],
  VPORT_PARSE: ['xml', 'cannot parse value of {attribute} parameter'],
  VPORT_UUID: ['xml', 'cannot parse {attribute} parameter as a uuid'],
};

/** Messages of releases before 10.0 that differ. */
const WORDS_UNTIL_10: Readonly<Partial<Record<RuleId, Row>>> = {
  BW_NUMBER: ['config', "could not convert bandwidth {attribute} value '{value}'"],
  FWD_DRIVER: ['config', "Unknown forward <driver name='{value}'/> in network {n}"],
  BRIDGE_STP_MODE: [
    'xml',
    "bridge delay/stp/zone options only allowed in route, nat, and isolated mode, not in {mode} (network '{n}')",
  ],
};

const rowFor = (rule: RuleId, params: Params, release: number): Row | undefined =>
  WORDS_BY_VALUE[rule]?.(params) ??
  (release < RELEASE_10 ? WORDS_UNTIL_10[rule] : undefined) ??
  (release < RELEASE_12 ? WORDS_UNTIL_12[rule] : undefined) ??
  WORDS[rule];

/** libvirt's words for a broken rule of a network; ours where libvirt's are not known here. */
export function libvirtWordsFor(
  { rule, params }: Pick<Found, 'rule' | 'params'>,
  network: string,
  fallback: string,
  release: number,
): string {
  const [prefix, words] = rowFor(rule, params, release) ?? [
    ruleOf(rule).phase === 'start' ? 'internal' : 'xml',
    fallback,
  ];
  // C prints what is not there as (null).
  const all: Params = { ...params, Family: params['family'] === 'ipv6' ? 'IPv6' : 'IPv4' };
  return (
    PREFIX[prefix] + words.replace(/\{(\w+)\}/g, (_, key: string) => (key === 'n' ? network : (all[key] ?? '(null)')))
  );
}

/** The order in which libvirt's parser looks at the parts of a network; how they go together comes last. */
const PARSED = [
  'name',
  'uuid',
  'title',
  'ipv6',
  'trustGuestRxFilters',
  'domain',
  'bandwidth',
  'vlan',
  'port',
  'bridge',
  'mac',
  'mtu',
  'dns',
  'virtualport',
  'portgroups',
  'ips',
  'routes',
  'forward',
];
const TOGETHER = /_MODE$|^FWD_(?:NEEDS_IP|MULTI_IF|OPEN_DEV)$|^BRIDGE_OR_DEV$/;

/** Returns the problem that libvirt's parser, which stops at the first one, finds first. */
export function firstParsed(found: readonly Found[]): Found | undefined {
  const place = ({ rule, path }: Found): number => {
    const at = PARSED.indexOf(/^\w*/.exec(path)?.[0] ?? '');
    if (rule === 'XML_ROOT') return -1;
    if (at === -1 || TOGETHER.test(rule)) return PARSED.length;
    // Of a host, what names the guest is asked for first.
    return rule === 'HOST_IP_MISSING' ? at + 0.5 : at;
  };
  return [...found].sort((a, b) => place(a) - place(b))[0];
}
