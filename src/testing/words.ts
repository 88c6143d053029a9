import type { Found } from '../schema/rules/context.js';
import type { RuleId } from '../schema/rules/table.js';

/** Prefixes that libvirt's error codes put before their words. */
const PREFIX = {
  xml: 'XML error: ',
  config: 'unsupported configuration: ',
  internal: 'internal error: ',
  none: '',
  operation: 'Requested operation is not valid: ',
  unsupported: 'Operation not supported: ',
} as const;

/**
 * libvirt's own words for the rules that people break most, with the parameters of the finding and `{n}` for the
 * network's name. Source: read in libvirt 11.3 and compared with daemons.
 */
const WORDS: Readonly<Partial<Record<RuleId, readonly [prefix: keyof typeof PREFIX, words: string]>>> = {
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
  VLAN_ID_RANGE: ['xml', 'vlan tag id {value} too large (maximum 4095)'],
  VLAN_NATIVE_DUP: ['xml', 'duplicate native vlan setting'],
  VLAN_MODE: ['config', "<vlan> element specified for network {n}, whose type doesn't support vlan configuration"],
  VPORT_TYPE_UNKNOWN: ['config', 'unknown virtualport type {value}'],
  VPORT_TYPE_MISSING: ['xml', 'missing required virtualport type'],
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
  TFTP_V6: ['config', "Unsupported <tftp> element in an IPv6 element in network '{n}'"],
  RANGE_ATTR: ['xml', "Missing '{attribute}' attribute in dhcp range for network '{n}'"],
  RANGE_FAMILY: ['internal', 'mismatch of address family in range {start} - {end} for network {address}'],
  DHCP_RANGE_OUTSIDE_SUBNET: ['internal', 'range {start} - {end} is not entirely within network {address}/{prefix}'],
  LEASE_TOO_SHORT: ['config', 'The minimum lease time should be greater than 2 minutes'],
  HOST_MAC_V6: ['xml', "Invalid to specify MAC address '{value}' in network '{n}' IPv6 static host definition"],
  HOST_MAC_BAD: ['xml', "Cannot parse MAC address '{value}' in network '{n}'"],
  HOST_MAC_MULTICAST: ['xml', "expected unicast mac address, found multicast '{value}' in network '{n}'"],
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
  ROUTE_UNREACHABLE: ['config', "unreachable static route gateway '{value}' specified for network '{n}'"],
  NAT_PORT_EQUAL: ['internal', "Invalid port range '{value}-{value}'."],
};

/** libvirt's words for a broken rule of a network; ours where libvirt's are not known here. */
export function libvirtWordsFor(
  { rule, params }: Pick<Found, 'rule' | 'params'>,
  network: string,
  fallback: string,
): string {
  const [prefix, words] = WORDS[rule] ?? ['xml', fallback];
  return (
    PREFIX[prefix] +
    words.replace(/\{(\w+)\}/g, (whole, key: string) => (key === 'n' ? network : (params[key] ?? whole)))
  );
}
