import { network, type RuleExample, SUBNET, swap } from './example.js';

const SIX = "<ip family='ipv6' address='fd00::1' prefix='64'/>";
const dhcp = (...parts: readonly string[]): string =>
  network("<ip address='10.0.0.1' prefix='24'>", '<dhcp>', ...parts, '</dhcp>', '</ip>');
const dhcp6 = (...parts: readonly string[]): string =>
  network("<ip family='ipv6' address='fd00::1' prefix='64'>", '<dhcp>', ...parts, '</dhcp>', '</ip>');
const RANGE = 'ips[0].dhcp.ranges[0]';
const HOST = 'ips[0].dhcp.hosts[0]';

/** Addresses, netmasks and prefixes of subnets. */
export const SUBNETS: readonly RuleExample[] = [
  {
    rule: 'IP_NO_ADDRESS',
    is: 'parse',
    at: 'ips[0].address',
    ...swap(network("<ip@ prefix='24'/>"), '', " address='10.0.0.1'"),
  },
  {
    rule: 'IP_BAD_ADDRESS',
    is: 'parse',
    at: 'ips[0].address',
    ...swap(network("<ip address='10.0.0.@' prefix='24'/>"), '256', '254'),
  },
  {
    rule: 'IP_BAD_NETMASK',
    is: 'parse',
    at: 'ips[0].netmask',
    ...swap(network("<ip address='10.0.0.1' netmask='255.255.255.@'/>"), '256', '0'),
  },
  {
    rule: 'IP_FAMILY_UNKNOWN',
    is: 'parse',
    at: 'ips[0].family',
    ...swap(network("<ip family='@' address='10.0.0.1' prefix='24'/>"), 'inet', 'ipv4'),
  },
  {
    rule: 'IP_FAMILY4',
    is: 'parse',
    at: 'ips[0].address',
    ...swap(network("<ip@ address='fd00::1' prefix='64'/>"), '', " family='ipv6'"),
  },
  {
    rule: 'IP_FAMILY6',
    is: 'parse',
    at: 'ips[0].address',
    ...swap(network("<ip@ address='10.0.0.1' prefix='24'/>"), " family='ipv6'", ''),
  },
  {
    rule: 'IP_NETMASK_FAMILY',
    is: 'parse',
    at: 'ips[0].netmask',
    ...swap(network("<ip address='10.0.0.1' netmask='@'/>"), 'ffff::', '255.255.255.0'),
  },
  {
    rule: 'IP_NETMASK_V6',
    is: 'parse',
    at: 'ips[0].netmask',
    ...swap(network("<ip family='ipv6' address='fd00::1' @/>"), "prefix='64' netmask='255.0.0.0'", "prefix='64'"),
  },
  {
    rule: 'IP_NETMASK_AND_PREFIX',
    is: 'parse',
    at: 'ips[0].prefix',
    ...swap(network("<ip address='10.0.0.1' netmask='255.255.255.0' prefix='@'/>"), '24', '0'),
  },
  {
    rule: 'IP_PREFIX_RANGE',
    is: 'parse',
    at: 'ips[0].prefix',
    ...swap(network("<ip address='10.0.0.1' prefix='@'/>"), '33', '32'),
  },
  {
    rule: 'IP_PREFIX_RANGE',
    what: 'IPv6',
    is: 'parse',
    at: 'ips[0].prefix',
    ...swap(network("<ip family='ipv6' address='fd00::1' prefix='@'/>"), '129', '128'),
  },
  {
    rule: 'TFTP_V6',
    is: 'parse',
    at: 'ips[0].tftp',
    line: 4,
    broken: network(SIX.replace('/>', '>'), "<tftp root='/srv'/>", '</ip>'),
    right: network(SUBNET.replace('/>', '>'), "<tftp root='/srv'/>", '</ip>'),
  },
  {
    rule: 'LOCALPTR_PREFIX',
    is: 'start',
    at: 'ips[0].localPtr',
    ...swap(network("<ip address='10.0.0.1' prefix='@' localPtr='yes'/>"), '25', '24'),
  },
  {
    rule: 'LOCALPTR_PREFIX',
    what: 'IPv6',
    is: 'start',
    at: 'ips[0].localPtr',
    ...swap(network("<ip family='ipv6' address='fd00::1' prefix='@' localPtr='yes'/>"), '66', '68'),
  },
  {
    rule: 'PREFIX_INVALID',
    is: 'start',
    at: 'ips[0].address',
    ...swap(network("<ip address='@'/>"), '240.0.0.1', '192.0.2.1'),
  },
];

/** Blocks of addresses that DHCP hands out. */
export const RANGES: readonly RuleExample[] = [
  ...(['start', 'end'] as const).flatMap((name): RuleExample[] => {
    const other = name === 'start' ? "end='10.0.0.9'" : "start='10.0.0.2'";
    return [
      {
        rule: 'RANGE_ATTR',
        is: 'parse',
        at: `${RANGE}.${name}`,
        ...swap(dhcp(`<range ${other}@/>`), '', ` ${name}='10.0.0.5'`),
      },
      {
        rule: 'RANGE_BAD_ADDR',
        is: 'parse',
        at: `${RANGE}.${name}`,
        ...swap(dhcp(`<range ${other} ${name}='10.0.0.@'/>`), 'x', '5'),
      },
    ];
  }),
  {
    rule: 'RANGE_FAMILY',
    is: 'parse',
    at: RANGE,
    ...swap(dhcp("<range start='10.0.0.2' end='@'/>"), 'fd00::9', '10.0.0.9'),
  },
  {
    rule: 'RANGE_BAD_PREFIX',
    is: 'parse',
    at: RANGE,
    line: 4,
    also: [
      ['NETMASK_GAPS', 'warning', 'ips[0].netmask', 3],
      ['PREFIX_INVALID', 'start', 'ips[0].address', 3],
    ],
    broken: network(
      "<ip address='10.0.0.1' netmask='255.0.255.0'>",
      "<dhcp><range start='10.0.0.2' end='10.0.0.9'/></dhcp>",
      '</ip>',
    ),
    right: network(
      "<ip address='10.0.0.1' netmask='255.255.0.0'>",
      "<dhcp><range start='10.0.0.2' end='10.0.0.9'/></dhcp>",
      '</ip>',
    ),
  },
  {
    rule: 'DHCP_RANGE_OUTSIDE_SUBNET',
    is: 'parse',
    at: RANGE,
    ...swap(dhcp("<range start='10.0.0.2' end='10.0.@'/>"), '1.9', '0.9'),
  },
  {
    rule: 'RANGE_NETADDR',
    is: 'parse',
    at: `${RANGE}.start`,
    ...swap(
      network("<ip address='10.0.0.9' prefix='24'>", "<dhcp><range start='10.0.0.@' end='10.0.0.8'/></dhcp>", '</ip>'),
      '0',
      '1',
    ),
  },
  {
    rule: 'RANGE_BROADCAST',
    is: 'parse',
    at: `${RANGE}.end`,
    ...swap(dhcp("<range start='10.0.0.2' end='10.0.0.@'/>"), '255', '254'),
  },
  {
    rule: 'RANGE_REVERSED',
    is: 'parse',
    at: RANGE,
    ...swap(dhcp("<range start='10.0.0.9' end='10.0.0.@'/>"), '8', '9'),
  },
  {
    rule: 'RANGE_TOO_LARGE',
    is: 'parse',
    at: RANGE,
    ...swap(
      network("<ip address='10.0.0.1' prefix='8'>", "<dhcp><range start='10.0.0.2' end='10.1.0.@'/></dhcp>", '</ip>'),
      '2',
      '1',
    ),
  },
  {
    rule: 'RANGE_TOO_LARGE',
    what: 'over the edge of a block',
    is: 'parse',
    at: RANGE,
    libvirt: '9.10.0',
    fineIn: '10.0.0',
    ...swap(
      network("<ip address='10.0.0.1' prefix='8'>", "<dhcp><range start='10.0.255.250' end='10.@'/></dhcp>", '</ip>'),
      '1.0.5',
      '0.255.255',
    ),
  },
  {
    rule: 'RANGE_TOO_LARGE',
    what: 'IPv6 over the edge of a block',
    is: 'parse',
    at: RANGE,
    ...swap(dhcp6("<range start='fd00::fffa' end='fd00::@'/>"), '1:5', 'ffff'),
  },
  ...(
    [
      ["expiry='1'", "expiry='2'"],
      ["unit='seconds' expiry='119'", "unit='seconds' expiry='120'"],
      ["unit='minutes' expiry='1'", "unit='hours' expiry='1'"],
    ] as const
  ).map(
    ([wrong, right]): RuleExample => ({
      rule: 'LEASE_TOO_SHORT',
      what: wrong,
      is: 'parse',
      at: `${RANGE}.lease.expiry`,
      ...swap(dhcp("<range start='10.0.0.2' end='10.0.0.9'>", '<lease @/>', '</range>'), wrong, right),
    }),
  ),
  {
    rule: 'LEASE_TOO_SHORT',
    what: 'of a host',
    is: 'parse',
    at: `${HOST}.lease.expiry`,
    ...swap(dhcp("<host name='h' ip='10.0.0.2'>", "<lease expiry='@'/>", '</host>'), '1', '0'),
  },
  {
    rule: 'DHCP_MULTIPLE',
    is: 'define',
    at: 'ips[1].dhcp',
    ...swap(
      network(
        "<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' end='10.0.0.9'/></dhcp></ip>",
        "<ip address='10.0.1.1' prefix='24'>@</ip>",
      ),
      "<dhcp><host name='h' ip='10.0.1.2'/></dhcp>",
      '',
    ),
  },
];

const reserved = (attributes: string): string => dhcp(`<host ${attributes}/>`);

/** Addresses reserved for guests, and network boot. */
export const HOSTS: readonly RuleExample[] = [
  {
    rule: 'HOST_MAC_V6',
    is: 'parse',
    at: `${HOST}.mac`,
    ...swap(dhcp6("<host name='h' @ip='fd00::2'/>"), "mac='52:54:00:00:00:01' ", ''),
  },
  {
    rule: 'HOST_MAC_V6',
    what: 'a MAC address that is none',
    is: 'parse',
    at: `${HOST}.mac`,
    ...swap(dhcp6("<host name='h' @ip='fd00::2'/>"), "mac='x' ", ''),
  },
  {
    rule: 'HOST_MAC_BAD',
    is: 'parse',
    at: `${HOST}.mac`,
    ...swap(reserved("mac='52:54:00:00:00@' ip='10.0.0.2'"), '', ':01'),
  },
  {
    rule: 'HOST_MAC_MULTICAST',
    is: 'parse',
    at: `${HOST}.mac`,
    ...swap(reserved("mac='@:54:00:00:00:01' ip='10.0.0.2'"), '53', '52'),
  },
  {
    rule: 'HOST_ID_CHAR',
    is: 'parse',
    at: `${HOST}.id`,
    ...swap(dhcp6("<host id='0:1:@' ip='fd00::2'/>"), 'g', 'f'),
  },
  { rule: 'HOST_NAME', is: 'parse', at: `${HOST}.name`, ...swap(reserved("name='@h' ip='10.0.0.2'"), '-', '0') },
  { rule: 'HOST_IP_BAD', is: 'parse', at: `${HOST}.ip`, ...swap(reserved("name='h' ip='10.0.0.@'"), 'x', '2') },
  { rule: 'HOST_IP_MISSING', is: 'parse', at: `${HOST}.ip`, ...swap(reserved("name='h'@"), '', " ip='10.0.0.2'") },
  { rule: 'HOST_KEY_V4', is: 'parse', at: HOST, ...swap(reserved("@ip='10.0.0.2'"), '', "name='h' ") },
  {
    rule: 'HOST_KEY_V6',
    is: 'parse',
    at: HOST,
    ...swap(dhcp6("<host @ip='fd00::2'/>"), '', "id='0:1' "),
  },
  {
    rule: 'BOOTP_SERVER',
    is: 'parse',
    at: 'ips[0].dhcp.bootp.server',
    ...swap(dhcp("<range start='10.0.0.2' end='10.0.0.9'/>", "<bootp file='f' server='@'/>"), 'pxe', '10.0.0.5'),
  },
  {
    rule: 'ATTR_REQUIRED',
    what: 'the file of bootp',
    is: 'parse',
    at: 'ips[0].dhcp.bootp.file',
    fineIn: '9.10.0',
    ...swap(dhcp("<range start='10.0.0.2' end='10.0.0.9'/>", '<bootp@/>'), '', " file='f'"),
  },
];

const WITH_SUBNET = "<ip address='10.0.0.1' prefix='24'/>";
const route = (attributes: string): string => network(WITH_SUBNET, `<route ${attributes}/>`);
const route6 = (attributes: string): string => network(SIX, `<route family='ipv6' ${attributes}/>`);

/** Static routes. */
export const ROUTES: readonly RuleExample[] = [
  {
    rule: 'ROUTE_ATTR',
    is: 'parse',
    at: 'routes[0].address',
    libvirt: '12.1.0',
    fineIn: '12.2.0',
    ...swap(route("@prefix='16' gateway='10.0.0.2'"), '', "address='10.1.0.0' "),
  },
  {
    rule: 'ROUTE_ATTR',
    is: 'parse',
    at: 'routes[0].gateway',
    ...swap(route("address='10.1.0.0' prefix='16'@"), '', " gateway='10.0.0.2'"),
  },
  {
    rule: 'ROUTE_BAD',
    is: 'parse',
    at: 'routes[0].address',
    ...swap(route("address='10.1.0.@' prefix='16' gateway='10.0.0.2'"), 'x', '0'),
  },
  {
    rule: 'ROUTE_BAD',
    is: 'parse',
    at: 'routes[0].gateway',
    ...swap(route("address='10.1.0.0' prefix='16' gateway='10.0.0.@'"), 'x', '2'),
  },
  {
    rule: 'ROUTE_BAD',
    is: 'parse',
    at: 'routes[0].netmask',
    ...swap(route("address='10.1.0.0' netmask='255.255.0.@' gateway='10.0.0.2'"), 'x', '0'),
  },
  {
    rule: 'ROUTE_FAMILY_UNKNOWN',
    is: 'parse',
    at: 'routes[0].family',
    ...swap(route("family='@' address='10.1.0.0' prefix='16' gateway='10.0.0.2'"), 'inet', 'ipv4'),
  },
  {
    rule: 'ROUTE_FAMILY',
    is: 'parse',
    at: 'routes[0].address',
    ...swap(network(SIX, "<route@ address='fd77::' prefix='64' gateway='fd00::2'/>"), '', " family='ipv6'"),
  },
  {
    rule: 'ROUTE_FAMILY',
    is: 'parse',
    at: 'routes[0].gateway',
    ...swap(network(SUBNET, SIX, "<route address='10.1.0.0' prefix='16' gateway='@'/>"), 'fd00::2', '10.0.0.2'),
  },
  {
    rule: 'ROUTE_NETMASK_V6',
    is: 'parse',
    at: 'routes[0].netmask',
    ...swap(route6("address='fd77::' @ gateway='fd00::2'"), "netmask='255.0.0.0'", "prefix='64'"),
  },
  {
    rule: 'ROUTE_NETMASK_V6',
    what: 'a netmask that is none',
    is: 'parse',
    at: 'routes[0].netmask',
    ...swap(route6("address='fd77::' prefix='64' @ gateway='fd00::2'"), "netmask='x'", ''),
  },
  {
    rule: 'ROUTE_NETMASK_FAMILY',
    is: 'parse',
    at: 'routes[0].netmask',
    ...swap(route("address='10.1.0.0' netmask='@' gateway='10.0.0.2'"), 'ffff::', '255.255.0.0'),
  },
  {
    rule: 'ROUTE_NETMASK_BOTH',
    is: 'parse',
    at: 'routes[0].netmask',
    ...swap(route("address='10.1.0.0' netmask='255.255.0.0'@ gateway='10.0.0.2'"), " prefix='16'", ''),
  },
  {
    rule: 'ROUTE_PREFIX',
    is: 'parse',
    at: 'routes[0].prefix',
    ...swap(route("address='10.1.0.0' prefix='@' gateway='10.0.0.2'"), '33', '32'),
  },
  {
    rule: 'ROUTE_PREFIX',
    what: 'IPv6',
    is: 'parse',
    at: 'routes[0].prefix',
    ...swap(route6("address='fd77::' prefix='@' gateway='fd00::2'"), '129', '128'),
  },
  {
    rule: 'ROUTE_NOT_NETWORK',
    is: 'parse',
    at: 'routes[0].address',
    ...swap(route("address='10.1.0.0' prefix='@' gateway='10.0.0.2'"), '15', '16'),
  },
  {
    rule: 'ROUTE_NOT_NETWORK',
    what: 'neither prefix nor netmask',
    is: 'parse',
    at: 'routes[0].address',
    ...swap(route("address='@' gateway='10.0.0.2'"), '10.1.0.0', '0.0.0.0'),
  },
  {
    rule: 'ROUTE_UNREACHABLE',
    is: 'parse',
    at: 'routes[0].gateway',
    ...swap(route("address='10.1.0.0' prefix='16' gateway='10.0.@'"), '1.2', '0.2'),
  },
  {
    rule: 'ATTR_ZERO',
    is: 'parse',
    at: 'routes[0].metric',
    ...swap(route("address='10.1.0.0' prefix='16' gateway='10.0.0.2' metric='@'"), '0', '1'),
  },
];
