import { define, IS_NOT, NEEDS, parse, type Rule, start, startWarning, unsafe, warn } from './rule.js';

const notInMode = /* @__NO_SIDE_EFFECTS__ */ (what: string): string =>
  `${what} is not possible with forward mode {mode}`;

/**
 * Every rule by its id. Ids, phases and releases follow libvirt 9.0, 11.3 and 12.9; texts are ours, since
 * libvirt's often name neither the place nor the remedy.
 */
export const RULES = {
  // Attributes in general
  ATTR_REQUIRED: parse(NEEDS),
  ELEMENT_REQUIRED: parse('<{element}> needs a <{attribute}>'),
  ATTR_INVALID: parse(IS_NOT),
  ATTR_ENUM: parse(IS_NOT),
  ATTR_UINT: parse(IS_NOT),
  ATTR_ZERO: parse('{attribute} of <{element}> must not be 0', 'leave it out for the default of 1'),
  PROPERTY_UNKNOWN: unsafe('there is no property {property} here', 'check the spelling against the type'),
  PROPERTY_INVALID: unsafe('{property} must be {expected}, not {value}'),
  INVALID_CHARACTER: parse('the text has a character that XML cannot hold: {character}'),

  XML_ROOT: parse('the root element is <{value}>, not <{expected}>'),

  // Identity
  NAME_MISSING: parse('the network has no name', 'give it a <name>, outside any XML namespace'),
  NAME_SLASH: parse("the name '{value}' has a slash", 'the name is also a file name: leave the slash out'),
  NAME_NEWLINE: define('the name has a line break'),
  NAME_UUID_SHAPED: unsafe(
    "the name '{value}' looks like a uuid",
    'virsh takes such names for uuids and may act on another network: pick another name',
  ),
  UUID_MALFORMED: parse("'{value}' is not a uuid", 'write 32 hexadecimal digits as 8-4-4-4-12, or leave it out'),
  TITLE_NEWLINE: parse('the title has a line break', 'put longer text into the description', { since: '9.7.0' }),
  NET_IPV6_ATTR: parse(IS_NOT),
  DOMAIN_REGISTER_LOCALONLY: parse('register needs localOnly', "set localOnly='yes' on <domain> as well", {
    since: '10.1.0',
  }),

  // Traffic shaping
  BW_NO_AVERAGE: parse('<{element}> of <bandwidth> needs an average'),
  BW_PEAK_NO_AVERAGE: parse('peak and burst of <{element}> need an average'),
  BW_FLOOR: parse('floor is not possible in a network', 'a floor belongs into the <bandwidth> of a guest NIC'),
  BW_FLOOR_OUTBOUND: parse('floor is only possible in <inbound>'),
  BW_CLASSID: parse('classID is not possible in a network', 'libvirt assigns it to guest ports itself'),
  BW_NUMBER: parse(IS_NOT),
  BW_DUPLICATE: parse('<bandwidth> has more than one <{element}>', undefined, { until: '10.0.0' }),
  BW_BURST: start('a burst of {value} KiB is above what a bridge can have, {limit}', undefined, { until: '11.1.0' }),
  BW_RATE: start('an average of {value} KiB/s is above what a bridge can have', 'leave it out for no limit'),
  BW_TOO_BIG: define('{attribute} {value} is above the limit of {limit}', undefined, { since: '11.1.0' }),
  NET_BW_MODE: define(notInMode('<bandwidth>'), 'it needs a bridge that libvirt knows by name'),
  PG_BW_MODE: define(notInMode("<bandwidth> of port group '{group}'"), 'it needs a bridge that libvirt knows by name'),

  // VLANs and virtual ports
  VLAN_NO_TAG: parse('<vlan> needs at least one <tag>'),
  VLAN_ID_RANGE: parse('VLAN id {value} is above 4095'),
  VLAN_NATIVE_DUP: parse('two tags have a nativeMode'),
  VLAN_TRUNK_REQUIRED: parse("trunk='no' is not possible with several tags", "set trunk='yes' or leave it out"),
  VLAN_TRUNK_NATIVE: parse("trunk='no' is not possible with a native VLAN", "set trunk='yes' or leave it out"),
  VLAN_TRUNK_VALUE: parse(IS_NOT),
  VLAN_MODE: define(
    'VLAN tags are not possible with forward mode {mode} and this virtual port',
    'use mode bridge with Open vSwitch, mode hostdev or passthrough',
  ),
  VPORT_TYPE_UNKNOWN: parse(IS_NOT),
  VPORT_TYPE_MISSING: parse('<virtualport> of a network needs a type'),
  VPORT_PARSE: parse(IS_NOT),
  VPORT_RANGE: parse('{attribute} {value} is above {limit}'),
  VPORT_UUID: parse(IS_NOT),
  VPORT_PROFILE_LONG: parse('profileid is longer than 39 bytes'),
  VPORT_EXTRA: parse('{attribute} is not possible with virtualport type {type}'),
  PG_NO_NAME: parse('<portgroup> needs a name'),
  PG_TWO_DEFAULTS: define("port groups '{first}' and '{second}' are both the default"),
  PG_DUP_NAME: define("two port groups are called '{name}'"),

  // Bridge
  BRIDGE_DELAY: parse(IS_NOT),
  BRIDGE_MTM: parse(IS_NOT),
  MAC_INVALID: parse(IS_NOT),
  MAC_MULTICAST: parse("'{value}' is a multicast MAC address", 'the first byte must be even'),
  MTU_INVALID: parse(IS_NOT),
  MTU_MODE: parse(notInMode('<mtu>'), 'set the MTU on the host device instead'),
  BRIDGE_NAME_MODE: parse(notInMode('a bridge name')),
  BRIDGE_ZONE_MODE: parse(notInMode('a bridge zone')),
  BRIDGE_MTM_MODE: parse(notInMode('macTableManager')),
  BRIDGE_STP_MODE: parse(notInMode('stp, delay and zone'), 'set them on the host bridge instead'),
  BRIDGE_OR_DEV: parse(
    'a bridge and forward devices together are not possible',
    'keep either the bridge name or the devices',
  ),
  BRIDGE_NAME_LONG: start(
    "the bridge name '{value}' is longer than 15 bytes",
    'Linux allows device names of at most 15 bytes',
  ),
  BRIDGE_NAME_INVALID: start(
    "Linux has no device with the name '{value}'",
    "leave out blanks, '/', ':' and '%', except for one %d, and the names '.', '..', all and default",
  ),
  DEVICE_NAME_NFT: startWarning(
    "with the firewall backend nftables libvirt cannot use the device name '{value}'",
    'begin with a letter, and use letters, digits, _ - and . only',
    { since: '10.4.0' },
  ),
  MAC_ZERO: start("no bridge can have the MAC address '{value}'", 'leave it out: libvirt chooses one'),
  MTU_TOO_SMALL: start('mtu {value} is below {least}', 'a bridge needs 68, and one with IPv6 addresses 1280'),
  MTU_TOO_BIG: start('mtu {value} is above what a bridge can have, 65535'),
  MAC_MODE: define(notInMode('<mac>')),
  IP_MODE: define(notInMode('<ip>'), 'addresses come from the network that the guests are bridged to'),
  DNS_MODE: define(notInMode('DNS records')),
  DOMAIN_MODE: define(notInMode('<domain>')),

  // Forwarding
  FWD_MODE_UNKNOWN: parse(IS_NOT),
  FWD_DRIVER: parse(IS_NOT),
  NAT_TWICE: parse('<forward> has more than one <nat>'),
  NAT_MODE: parse('<nat> is only possible with forward mode nat'),
  NAT_ADDR_TWICE: parse('<nat> has more than one <address>'),
  NAT_PORT_TWICE: parse('<nat> has more than one <port>'),
  NAT_ADDR_ATTR: parse(NEEDS),
  NAT_ADDR_BAD: parse(IS_NOT),
  NAT_ADDR_RANGE: parse('{start} - {end} is not a range of up to 65536 addresses', 'start must not be above end'),
  NAT_PORT_BAD: parse('<port> of <nat> needs start and end from 0 to 65535, in this order'),
  NAT_PORT_EQUAL: start('a range of the one port {value} cannot be started', 'end must be above start'),
  NAT_OF_ALL: start('a subnet of all IPv4 addresses cannot be masqueraded', 'give a netmask of the subnet alone', {
    until: '10.4.0',
  }),
  FWD_DEV_LONG: start(
    "the device name '{value}' is longer than 15 bytes",
    'name the device through which packets leave the host, as ip link lists it',
  ),
  FWD_DEV_AND_POOL: parse('dev of <forward> is not possible with <address> or <pf>'),
  FWD_IF_NO_DEV: parse(NEEDS),
  FWD_DEV_MISMATCH: parse(
    "dev '{value}' is not the first interface, '{first}'",
    'leave dev out, or name the same device',
  ),
  FWD_IF_DUP: parse("interface '{value}' is listed more than once"),
  FWD_ADDR_NO_TYPE: parse('<address> of <forward> needs a type', "write type='pci'"),
  FWD_ADDR_TYPE: parse("address type '{value}' is not possible", "write type='pci'"),
  FWD_PCI_RANGE: parse('{attribute} {value} of the PCI address is above {limit}'),
  FWD_PCI_DUP: parse('PCI device {value} is listed more than once'),
  FWD_PF_TWICE: parse('<forward> has more than one <pf>'),
  FWD_PF_NO_DEV: parse(NEEDS),
  FWD_NEEDS_IP: parse('forward mode {mode} needs an <ip>', 'add a subnet'),
  FWD_MULTI_IF: parse('forward mode {mode} takes one interface only'),
  FWD_OPEN_DEV: parse('forward mode open takes no device'),
  FWD_HOSTDEV_NETDEV: define(
    "interface '{value}' is not possible with forward mode hostdev",
    'list PCI addresses of virtual functions, or a <pf>',
  ),
  FWD_PCI_MODE: define(notInMode('a PCI address'), 'PCI addresses need mode hostdev'),

  // Subnets
  IP_NO_ADDRESS: parse(NEEDS),
  IP_BAD_ADDRESS: parse(IS_NOT),
  IP_BAD_NETMASK: parse(IS_NOT),
  IP_FAMILY_UNKNOWN: parse(IS_NOT),
  IP_FAMILY4: parse('{value} is an IPv6 address', "set family='ipv6'"),
  IP_FAMILY6: parse('{value} is an IPv4 address, but the family is ipv6'),
  IP_NETMASK_FAMILY: parse('{value} is not an IPv4 netmask'),
  IP_NETMASK_V6: parse('IPv6 subnets have no netmask', 'use prefix'),
  IP_NETMASK_AND_PREFIX: parse('<ip> has both a netmask and a prefix', 'keep one of them'),
  IP_PREFIX_RANGE: parse('prefix {value} is above {limit}'),
  TFTP_V6: parse('<tftp> is not possible in an IPv6 subnet'),
  RANGE_ATTR: parse(NEEDS),
  RANGE_BAD_ADDR: parse(IS_NOT),
  RANGE_FAMILY: parse('{start} - {end} is not of the family of its subnet'),
  RANGE_BAD_PREFIX: parse('the subnet of {address} has no usable prefix or netmask'),
  DHCP_RANGE_OUTSIDE_SUBNET: parse(
    '{start} - {end} is not within {address}/{prefix}',
    'the subnet has {first} to {last}',
  ),
  RANGE_NETADDR: parse('{value} is the network address itself', 'start with the next address'),
  RANGE_BROADCAST: parse('{value} is the broadcast address', 'end with the address before'),
  RANGE_REVERSED: parse('{start} is above {end}', 'swap start and end'),
  RANGE_TOO_LARGE: parse(
    '{start} - {end} is more than 65536 addresses to libvirt',
    'split it; IPv6 ranges, and before 10.0 all, must not cross the edge of a block of 65536 addresses',
  ),
  LEASE_TOO_SHORT: parse(
    'a lease of {value} {unit} is shorter than two minutes',
    'use at least 2 minutes, or 0 for ever',
  ),
  HOST_MAC_V6: parse('IPv6 hosts have no mac', 'name the guest by id (its DUID) or by name'),
  HOST_MAC_BAD: parse(IS_NOT),
  HOST_MAC_MULTICAST: parse("'{value}' is a multicast MAC address", 'the first byte must be even'),
  HOST_ID_CHAR: parse("id '{value}' has other characters than 0-9, a-f and ':'"),
  HOST_NAME: parse("host name '{value}' does not begin with a letter or digit"),
  HOST_IP_BAD: parse(IS_NOT),
  HOST_IP_MISSING: parse(NEEDS),
  HOST_KEY_V4: parse('<host> names no guest', 'set mac or name'),
  HOST_KEY_V6: parse('<host> names no guest', 'set id or name'),
  BOOTP_SERVER: parse(IS_NOT),
  DHCP_MULTIPLE: define('two {family} subnets have DHCP', 'libvirt serves DHCP in one subnet of each family'),
  LOCALPTR_PREFIX: start(
    'localPtr is not possible with prefix {prefix}',
    'IPv4 needs 8, 16 or 24, IPv6 a multiple of 4 up to 124',
  ),
  IP_UNUSABLE: start('{value} is not an address for a bridge', 'choose an address for guests to reach the host by'),
  IP_DUPLICATE: start('{value} is listed more than once', 'remove the second'),
  DHCP6_PREFIX: start('DHCP is not possible in an IPv6 subnet of prefix {prefix}', 'use a prefix of 64 or above'),
  PREFIX_INVALID: start('no prefix can be derived for {value}', 'give a prefix, or a netmask without gaps'),

  // DNS
  DNS_DISABLED_DATA: parse("<dns enable='no'> must be empty"),
  DNS_FWD_EMPTY: parse('<forwarder> needs addr or domain'),
  DNS_FWD_ADDR: parse(IS_NOT),
  DNS_FWD_PORT: parse(IS_NOT, undefined, { since: '12.0.0' }),
  DNS_HOST_IP: parse(NEEDS),
  DNS_HOST_IP_BAD: parse(IS_NOT),
  DNS_HOST_NAME: parse('<host> of <dns> needs a <hostname> that is not empty'),
  DNS_TXT_NAME: parse(NEEDS),
  DNS_TXT_CHAR: parse("TXT name '{value}' has a blank or comma"),
  DNS_TXT_VALUE: parse(NEEDS),
  DNS_SRV_SERVICE: parse(NEEDS),
  DNS_SRV_SERVICE_LONG: parse('the service is longer than 482 bytes'),
  DNS_SRV_SERVICE_CHAR: parse(
    "service '{value}' has characters that are not possible there",
    'use letters, digits and _ - + / *',
  ),
  DNS_SRV_PROTO: parse(NEEDS),
  DNS_SRV_PROTO_CHAR: parse("protocol '{value}' has characters that are not possible there", 'usually tcp or udp'),
  DNS_SRV_NO_TARGET: parse('{attribute} of <srv> needs a target'),
  DNS_SRV_NUMBER: parse(IS_NOT),
  DNSMASQ_NO_VALUE: parse(NEEDS),
  DNSMASQ_NAME: start("dnsmasq cannot use the name '{value}': {reason}"),
  DNSMASQ_QUOTE: start('dnsmasq cannot read {property}: a double quote is not closed', 'leave the quote out'),
  DNSMASQ_LINE_LONG: start(
    'dnsmasq cannot read {property}: its line is longer than {limit} bytes',
    'use a shorter text',
  ),

  // Routes
  ROUTE_ATTR: parse(NEEDS),
  ROUTE_BAD: parse(IS_NOT),
  ROUTE_FAMILY_UNKNOWN: parse(IS_NOT),
  ROUTE_FAMILY: parse('{attribute} {value} of <route> is not of family {family}', "IPv6 routes need family='ipv6'"),
  ROUTE_NETMASK_V6: parse('IPv6 routes have no netmask', 'use prefix'),
  ROUTE_NETMASK_FAMILY: parse('netmask {value} of <route> is not an IPv4 netmask'),
  ROUTE_NETMASK_BOTH: parse('<route> has both a netmask and a prefix', 'keep one of them'),
  ROUTE_PREFIX: parse('prefix {value} of <route> is above {limit}'),
  ROUTE_NOT_NETWORK: parse('{value} is not a network address for this prefix', 'the network is {network}/{prefix}'),
  ROUTE_UNREACHABLE: parse('gateway {value} is in no subnet of the network'),

  // Network ports and host interfaces
  PLUG_NEEDS: parse("<plug type='{type}'> needs {needed}"),
  INTERFACE_NEEDS: parse("<interface type='{type}'> needs a <{type}>"),
  INTERFACE_NESTED: parse(
    "an interface of type '{type}' cannot stand in a <{parent}>",
    '<bridge> takes ethernet, vlan and bond, <bond> takes ethernet',
  ),

  // Accepted by libvirt, but its own output would be malformed or carry something in
  UNESCAPED_CHARACTER: unsafe(
    "{property} '{value}' has one of ' \" & < >, which libvirt prints unescaped",
    'leave these characters out',
  ),
  DNSMASQ_LINE_BREAK: unsafe(
    "{property} has a line break, which would start a new line in dnsmasq's configuration",
    'leave the line break out; give each dnsmasq option a line of its own',
  ),

  BRIDGE_DELAY_NEGATIVE: unsafe(
    'libvirt prints the delay {value} as a negative number, which it cannot read',
    'a delay is a few seconds',
  ),
  VLAN_NATIVE_PRINTED_TWICE: unsafe(
    'VLAN id {value} is listed more than once and is native: libvirt prints both as native, which it cannot read',
    'remove the second',
  ),

  // Port forwards, which are ours: the hook that makes them refuses these
  PORT_FORWARD_MODE: start(
    'port forwards are for NAT networks',
    'guests of other modes are reached directly, or not at all',
  ),
  PORT_FORWARD_INVALID: start('invalid port forward in metadata: {reason}'),
  PORT_FORWARD_DUPLICATE: start('{value} is forwarded twice', 'a port of the host can lead to one guest only'),
  PORT_FORWARD_TARGET: start('{value} is forwarded to {ip}, where no guest of this network can be'),
  PORT_FORWARD_SERVICE: start(
    "forwarding {value} takes the network's own DNS or DHCP away from its guests",
    'name the address of the host that it is for with hostAddress',
  ),
  PORT_FORWARD_UNRESERVED: warn(
    '{value} is forwarded to {ip}, which is not reserved: the guest may get another address',
    'reserve it with .reserve({ mac, ip })',
  ),

  // Accepted by libvirt, but probably not as meant
  UNKNOWN_ELEMENT: warn('libvirt ignores <{element}> in <{parent}>'),
  UNKNOWN_ATTRIBUTE: warn('libvirt ignores {attribute} of <{element}>'),
  WORD_IGNORED: warn("libvirt ignores {attribute}='{value}' of <{element}>, which is not {expected}"),
  TEXT_IGNORED: warn("libvirt ignores the text '{value}' in <{element}>"),
  REPEATED_ELEMENT: warn('<{parent}> has more than one <{element}>; libvirt uses the first', 'remove the second'),
  EMPTY_TEXT: warn('<{element}> is empty; libvirt skips it'),
  RELEASE_UNKNOWN: warn(
    'libvirt {value} is newer than this library, which judges by {newest}',
    'update libvirt-network, or set libvirt to the release that counts',
  ),
  NEWER_THAN_RELEASE: warn('{property} needs libvirt {since}; older releases drop it silently'),
  ADDRESS_REWRITTEN: warn("libvirt reads '{value}' as {read}", 'write four decimal numbers without leading zeros'),
  WORD_REWRITTEN: warn("libvirt reads '{value}' as {read}", 'write exactly what is meant'),
  NUMBER_REWRITTEN: warn("libvirt reads '{value}' as {read}", 'a leading zero means octal'),
  PLACEHOLDER: warn(
    'the template placeholder {value} was not filled in',
    'render the template before reading the document',
  ),
  DRIVER_MODEL_MISPLACED: warn(
    'libvirt prints a <driver> without a name outside of <forward>, and has lost it when it reads that again',
    'give the driver a name',
    { since: '10.0.0' },
  ),
  METADATA_DROPPED: warn('libvirt drops <{element}> from <metadata>', 'give it a namespace of its own'),
  DROPPED: warn('libvirt drops {property}: {reason}'),
  NETMASK_GAPS: warn('netmask {value} has gaps'),
  IP_IS_NETWORK: warn(
    "{value} is the subnet's own address",
    'the host needs an address inside the subnet, usually {first}',
  ),
  IP_IS_BROADCAST: warn("{value} is the subnet's broadcast address"),
  SUBNETS_OVERLAP: warn('{value} overlaps {other}'),
  RANGE_OVERLAP: warn('{start} - {end} overlaps another range'),
  RANGE_HAS_GATEWAY: warn("{start} - {end} contains the host's own address {value}"),
  HOST_OUTSIDE_SUBNET: warn('{value} is not in the subnet {address}/{prefix}', 'dnsmasq will not hand it out'),
  HOST_IS_GATEWAY: warn(
    "{value} is the host's own address in this subnet: dnsmasq gives the guest another address, or none",
    'reserve another address',
  ),
  HOST_NAME_UNUSABLE: warn(
    "dnsmasq cannot use the name '{value}' of a reservation: {reason}",
    'use letters, digits, _ and -, with a letter among them',
  ),
  DNS_HOST_NAME_UNUSABLE: warn("dnsmasq cannot use the name '{value}': {reason}", 'use letters, digits, _ and -'),
  HOST_DUPLICATE: warn("{attribute} '{value}' is reserved twice"),
  VLAN_TAG_DUPLICATE: warn('VLAN id {value} is listed more than once'),
  NAT_IPV6_ROUTED: warn('IPv6 is routed, not translated: guests are reachable from outside', "set ipv6='yes' on <nat>"),
} as const satisfies Record<string, Rule>;

/** The id of a rule. */
export type RuleId = keyof typeof RULES;

/** Tells ids of rules from other text. */
export const isRuleId = (id: string): id is RuleId => Object.hasOwn(RULES, id);

/** The rule with an id. */
export const ruleOf = (id: RuleId): Rule => RULES[id];
