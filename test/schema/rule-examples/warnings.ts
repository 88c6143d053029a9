import { BRIDGED, network, type RuleExample, SUBNET, swap } from './example.js';

const dhcp = (...parts: readonly string[]): string =>
  network("<ip address='10.0.0.1' prefix='24'>", '<dhcp>', ...parts, '</dhcp>', '</ip>');
const RANGE = "<range start='10.0.0.2' end='10.0.0.9'/>";
const warning = (
  rule: RuleExample['rule'],
  at: string,
  rest: Omit<RuleExample, 'rule' | 'at' | 'is'>,
): RuleExample => ({
  rule,
  is: 'warning',
  at,
  ...rest,
});

/** What libvirt ignores in a text. */
export const IGNORED: readonly RuleExample[] = [
  warning('UNKNOWN_ELEMENT', '', swap(network('@'), '<gateway/>', '')),
  warning('UNKNOWN_ATTRIBUTE', 'bridge', swap(network("<bridge @='br0'/>"), 'device', 'name')),
  warning('TEXT_IGNORED', 'bridge', swap(network('<bridge>@</bridge>'), 'br0', ' ')),
  warning('TEXT_IGNORED', '', {
    what: 'in the metadata',
    ...swap(network('<metadata>@</metadata>'), 'note', ''),
  }),
  warning('REPEATED_ELEMENT', 'bridge', swap(network("<bridge name='br0'/>", '@'), "<bridge name='br1'/>", '')),
  warning('REPEATED_ELEMENT', 'bandwidth.inbound', {
    what: 'an inbound limit',
    ...swap(
      network('<bandwidth>', "<inbound average='1'/>", '@', '</bandwidth>'),
      "<inbound average='2'/>",
      "<outbound average='2'/>",
    ),
  }),
  warning('EMPTY_TEXT', 'dns.hosts[0].hostnames', {
    libvirt: '9.10.0',
    ...swap(
      network('<dns>', "<host ip='10.0.0.2'>", '<hostname>h</hostname>', '<hostname>@</hostname>', '</host>', '</dns>'),
      '',
      'i',
    ),
  }),
  warning('RELEASE_UNKNOWN', '', { line: 1, libvirt: '99.0.0', fineIn: '12.9.0', broken: network() }),
  warning('RELEASE_UNKNOWN', '', {
    what: 'data of a guest',
    libvirt: '99.0.0',
    fineIn: '12.9.0',
    format: 'guest interface',
    broken: { type: 'bridge', source: { bridge: 'br0' } },
  }),
  warning('RELEASE_UNKNOWN', '', { what: 'data', libvirt: '99.0.0', fineIn: '12.9.0', broken: { name: 'n' } }),
  warning('NEWER_THAN_RELEASE', 'title', {
    libvirt: '9.6.0',
    fineIn: '9.7.0',
    ...swap(network('@'), '<title>t</title>', ''),
  }),
  warning('PLACEHOLDER', 'title', swap(network('<title>@</title>'), '{{ title }}', 'title')),
];

/** What libvirt reads otherwise than it looks. */
export const REWRITTEN: readonly RuleExample[] = [
  warning(
    'ADDRESS_REWRITTEN',
    'ips[0].address',
    swap(network("<ip address='@' prefix='24'/>"), '010.0.0.1', '10.0.0.1'),
  ),
  warning(
    'ADDRESS_REWRITTEN',
    'forward.nat.address.start',
    swap(
      network("<forward mode='nat'>", "<nat><address start='@' end='192.0.2.9'/></nat>", '</forward>', SUBNET),
      '192.0.2.01',
      '192.0.2.1',
    ),
  ),
  warning('WORD_REWRITTEN', 'bridge.stp', swap(network("<bridge stp='@'/>"), 'no', 'off')),
  warning('WORD_REWRITTEN', 'portgroups[0].default', swap(network("<portgroup name='g' default='@'/>"), 'true', 'no')),
  warning('WORD_REWRITTEN', 'mac.address', swap(network("<mac address='52:54:00:00:00:01@'/>"), ' eth0', '')),
  warning(
    'NUMBER_REWRITTEN',
    'ips[0].dhcp.ranges[0].lease.expiry',
    swap(dhcp("<range start='10.0.0.2' end='10.0.0.9'><lease expiry='@'/></range>"), '010', '10'),
  ),
];

const PCI = "<address type='pci' bus='3' @/>";
const hostdev = (...parts: readonly string[]): string => network("<forward mode='hostdev'>", ...parts, '</forward>');
const pool = (...parts: readonly string[]): string => network("<forward mode='passthrough'>", ...parts, '</forward>');

/** What libvirt drops. */
export const DROPPED: readonly RuleExample[] = [
  warning('DRIVER_MODEL_MISPLACED', 'forward.driver.model', {
    fineIn: '9.10.0',
    ...swap(network("<forward mode='bridge'>", "<driver model='m'@/>", '</forward>', BRIDGED[1]), '', " name='vfio'"),
  }),
  warning('DRIVER_MODEL_MISPLACED', 'forward.driver.model', {
    what: 'iommufd alone',
    fineIn: '12.0.0',
    ...swap(
      network("<forward mode='bridge'>", "<driver iommufd='yes'@/>", '</forward>', BRIDGED[1]),
      '',
      " name='vfio'",
    ),
  }),
  warning(
    'DROPPED',
    'dns.forwarders[0].port',
    swap(network('<dns>', "<forwarder domain='d'@ port='5353'/>", '</dns>'), '', " addr='10.0.0.2'"),
  ),
  warning(
    'METADATA_DROPPED',
    'metadata[0]',
    swap(network('<metadata>', '<note@/>', '</metadata>'), '', " xmlns='urn:a'"),
  ),
  warning(
    'METADATA_DROPPED',
    'metadata[1]',
    swap(network('<metadata>', "<a xmlns='urn:a'/>", "<b xmlns='urn:@'/>", '</metadata>'), 'a', 'b'),
  ),
  warning('DROPPED', 'domain', swap(network("<domain @localOnly='yes'/>"), '', "name='d' ")),
  warning('DROPPED', 'forward.managed', swap(network("<forward mode='passthrough' @/>"), "managed='yes'", '')),
  warning('DROPPED', 'forward.pf', {
    line: 4,
    broken: pool("<pf dev='eth0'/>", "<interface dev='eth1'/>"),
    right: pool("<pf dev='eth0'/>"),
  }),
  warning('DROPPED', 'forward.addresses[0].multifunction', swap(hostdev(PCI), "multifunction='on'", '')),
  warning(
    'DROPPED',
    'forward.addresses[0].zpci',
    swap(hostdev("<address type='pci' bus='3'>@</address>"), "<zpci uid='1'/>", ''),
  ),
  warning(
    'DROPPED',
    'forward.addresses',
    swap(pool("<interface dev='eth1'/>", '@'), "<address type='pci' bus='3'/>", ''),
  ),
  warning(
    'DROPPED',
    'virtualport.parameters.profileid',
    swap(
      network(...BRIDGED, "<virtualport type='@'><parameters profileid='p'/></virtualport>"),
      'midonet',
      'openvswitch',
    ),
  ),
  warning('DROPPED', 'bridge.delay', swap(network(BRIDGED[0], "<bridge name='br0' @/>"), "delay='0'", '')),
  warning(
    'DROPPED',
    'ips[0].tftp',
    swap(network("<ip address='10.0.0.1' prefix='24'>", '<tftp@/>', '</ip>'), '', " root='/srv'"),
  ),
  warning(
    'DROPPED',
    'ips[0].dhcp',
    swap(network("<ip address='10.0.0.1' prefix='24'>", '<dhcp>@</dhcp>', '</ip>'), '', RANGE),
  ),
  warning('DROPPED', 'ips[0].dhcp.bootp', {
    line: 5,
    broken: network(
      "<ip family='ipv6' address='fd00::1' prefix='64'><dhcp>",
      "<range start='fd00::2' end='fd00::9'/>",
      "<bootp file='f'/>",
      '</dhcp></ip>',
    ),
    right: dhcp(RANGE, "<bootp file='f'/>"),
  }),
  warning(
    'DROPPED',
    'ips[0].dhcp.ranges[0].lease',
    swap(dhcp("<range start='10.0.0.2' end='10.0.0.9'><lease@/></range>"), '', " expiry='5'"),
  ),
  warning(
    'DROPPED',
    'ips[0].dhcp.hosts[0].lease',
    swap(dhcp("<host name='h' ip='10.0.0.2'><lease@/></host>"), '', " expiry='5'"),
  ),
];

/** What libvirt takes as it is, but is probably a mistake. */
export const MISTAKES: readonly RuleExample[] = [
  warning('NETMASK_GAPS', 'ips[0].netmask', {
    also: [['PREFIX_INVALID', 'start', 'ips[0].address', 3]],
    ...swap(network("<ip address='10.0.0.1' netmask='255.@.255.0'/>"), '0', '255'),
  }),
  warning('IP_IS_NETWORK', 'ips[0].address', swap(network("<ip address='10.0.0.@' prefix='24'/>"), '0', '1')),
  warning('IP_IS_BROADCAST', 'ips[0].address', swap(network("<ip address='10.0.0.@' prefix='24'/>"), '255', '254')),
  warning('SUBNETS_OVERLAP', 'ips[1]', swap(network(SUBNET, "<ip address='10.0.@.129' prefix='25'/>"), '0', '1')),
  warning('SUBNETS_OVERLAP', 'ips[1]', {
    what: 'IPv6',
    ...swap(
      network(
        "<ip family='ipv6' address='fd00::1' prefix='64'/>",
        "<ip family='ipv6' address='fd00::@2' prefix='80'/>",
      ),
      '',
      '1:0:0:0:',
    ),
  }),
  warning(
    'RANGE_OVERLAP',
    'ips[0].dhcp.ranges[1]',
    swap(dhcp(RANGE, "<range start='10.0.0.@' end='10.0.0.19'/>"), '9', '10'),
  ),
  warning(
    'RANGE_HAS_GATEWAY',
    'ips[0].dhcp.ranges[0]',
    swap(dhcp("<range start='10.0.0.@' end='10.0.0.9'/>"), '1', '2'),
  ),
  warning('HOST_OUTSIDE_SUBNET', 'ips[0].dhcp.hosts[0].ip', swap(dhcp("<host name='h' ip='10.0.@'/>"), '1.2', '0.2')),
  ...(
    [
      ['ip', "mac='52:54:00:00:00:02' ip='@'", '10.0.0.2', '10.0.0.3'],
      ['name', "ip='10.0.0.3' name='@'", 'h', 'i'],
      ['mac', "ip='10.0.0.3' mac='52:54:00:00:00:@'", '1', '02'],
    ] as const
  ).map(([attribute, second, wrong, right]) =>
    warning('HOST_DUPLICATE', `ips[0].dhcp.hosts[1].${attribute}`, {
      ...swap(dhcp("<host mac='52:54:00:00:00:01' name='h' ip='10.0.0.2'/>", `<host ${second}/>`), wrong, right),
    }),
  ),
  warning(
    'VLAN_TAG_DUPLICATE',
    'vlan.tags[1].id',
    swap(network(...BRIDGED, "<vlan><tag id='5'/><tag id='@'/></vlan>"), '5', '6'),
  ),
  warning(
    'NAT_IPV6_ROUTED',
    'forward',
    swap(
      network("<forward mode='nat'>@</forward>", SUBNET, "<ip family='ipv6' address='fd00::1' prefix='64'/>"),
      '',
      "<nat ipv6='yes'/>",
    ),
  ),
];
