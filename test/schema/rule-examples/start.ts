import { network, type RuleExample, SUBNET, swap } from './example.js';

const start = (rule: RuleExample['rule'], at: string, rest: Omit<RuleExample, 'rule' | 'at' | 'is'>): RuleExample => ({
  rule,
  is: 'start',
  at,
  ...rest,
});

const SIX = "<ip family='ipv6' address='fd00::1' prefix='64'/>";
const BURST = "<bandwidth><inbound average='1' burst='@'/></bandwidth>";
const bridged = (template: string, wrong: string, right = 'virbr7') =>
  swap(network(`<bridge name='${template}'/>`), wrong, right);
const named = (template: string, wrong: string, right: string) => swap(network(template, SUBNET), wrong, right);
const long = 'a'.repeat(64);

/** What Linux refuses when the bridge is made. */
const DEVICES: readonly RuleExample[] = [
  start('BRIDGE_NAME_LONG', 'bridge.name', bridged('@', 'a-name-of-16-byt', 'a-name-of-15-by')),
  start('BRIDGE_NAME_LONG', 'bridge.name', {
    what: 'with a number',
    ...bridged('a-long-name@', '-145%d', '%d'),
  }),
  ...[' ', '/', ':', '%s', '%d%d', '\u00e0'].map((wrong) =>
    start('BRIDGE_NAME_INVALID', 'bridge.name', { what: `'a${wrong}b'`, ...bridged('a@b', wrong, '%d') }),
  ),
  ...['.', '..', 'all', 'default'].map((wrong) =>
    start('BRIDGE_NAME_INVALID', 'bridge.name', { what: `'${wrong}'`, ...bridged('@', wrong) }),
  ),
  ...(['bridge.name', 'forward.dev'] as const).map(
    (at): RuleExample => ({
      rule: 'DEVICE_NAME_NFT',
      is: 'warning',
      at,
      fineIn: '9.0.0',
      ...(at === 'bridge.name' ? bridged('virbr@', '+', '_') : named("<forward mode='route' dev='eth@'/>", '#', '0')),
    }),
  ),
  start('MAC_ZERO', 'mac.address', swap(network("<mac address='00:00:00:00:00:0@'/>"), '0', '2')),
  start('MTU_TOO_SMALL', 'mtu.size', swap(network("<mtu size='@'/>"), '67', '68')),
  start('MTU_TOO_SMALL', 'mtu.size', {
    what: 'for IPv6',
    ...swap(network("<mtu size='@'/>", SIX), '1279', '1280'),
  }),
  start('MTU_TOO_BIG', 'mtu.size', swap(network("<mtu size='@'/>"), '65536', '65535')),
  start('FWD_DEV_LONG', 'forward.dev', named("<forward mode='route' dev='a-name-of-15-by@'/>", 't', '')),
  start('FWD_DEV_LONG', 'forward.interfaces[0].dev', {
    what: 'of an interface',
    ...named("<forward mode='nat'><interface dev='a-name-of-15-by@'/></forward>", 't', ''),
  }),
  start('BW_BURST', 'bandwidth.inbound.burst', {
    libvirt: '11.0.0',
    ...named(BURST, '4194304', '4194303'),
  }),
  start('BW_BURST', 'bandwidth.outbound.burst', {
    what: 'outbound',
    libvirt: '11.0.0',
    ...named("<bandwidth><outbound average='1' burst='@'/></bandwidth>", '4194304', '4194303'),
  }),
  start('BW_BURST', 'bandwidth.inbound.burst', {
    what: 'by release',
    libvirt: '11.0.0',
    fineIn: '11.1.0',
    line: 3,
    broken: named(BURST, '4194304', '1').broken,
  }),
  start('BW_RATE', 'bandwidth.inbound.average', {
    ...named("<bandwidth><inbound average='@'/></bandwidth>", '50331648000', '50331647999'),
  }),
];

/** What Linux and the packet filter refuse of addresses. */
const ADDRESSES: readonly RuleExample[] = [
  ...['::', '::1', 'ff02::1'].map((wrong) =>
    start('IP_UNUSABLE', 'ips[0].address', {
      what: wrong,
      ...swap(network("<ip family='ipv6' address='@' prefix='128'/>"), wrong, 'fd00::1'),
    }),
  ),
  start('IP_DUPLICATE', 'ips[1].address', {
    also: [['SUBNETS_OVERLAP', 'warning', 'ips[1]', 4]],
    ...swap(network(SUBNET, "<ip address='10.0.0.@' prefix='24'/>"), '1', '2'),
  }),
  start('IP_DUPLICATE', 'ips[1].address', {
    what: 'IPv6',
    also: [['SUBNETS_OVERLAP', 'warning', 'ips[1]', 4]],
    ...swap(network(SIX, "<ip family='ipv6' address='fd00::@' prefix='48'/>"), '1', '2'),
  }),
  start('DHCP6_PREFIX', 'ips[0]', {
    ...swap(
      network("<ip family='ipv6' address='fd00::1' prefix='@'><dhcp><host name='h' ip='fd00::2'/></dhcp></ip>"),
      '63',
      '64',
    ),
  }),
  start('NAT_OF_ALL', 'ips[0].netmask', {
    libvirt: '9.0.0',
    fineIn: '10.4.0',
    ...swap(network("<forward mode='nat'/>", "<ip address='10.0.0.1' netmask='@.0.0.0'/>"), '0', '255'),
  }),
];

const srv = (template: string, wrong: string, right: string) => named(`<dns><srv ${template}/></dns>`, wrong, right);

/** What keeps dnsmasq from starting. */
const DNSMASQ: readonly RuleExample[] = [
  start('DNSMASQ_NAME', 'domain.name', named("<domain name='@'/>", long, long.slice(1))),
  start('DNSMASQ_NAME', 'domain.name', { what: 'not ASCII', ...named("<domain name='@'/>", '\u00e4', 'a') }),
  start('DNSMASQ_NAME', 'domain.name', { what: 'blank', ...named("<domain name='@ '/>", '', 'a') }),
  start('DNSMASQ_NAME', 'domain.name', {
    what: 'too long',
    also: [['DNSMASQ_LINE_LONG', 'start', 'domain.name', 3]],
    ...named("<domain name='@'/>", 'a.'.repeat(520), 'a'),
  }),
  start('DNSMASQ_NAME', 'dns.forwarders[0].domain', {
    ...named("<dns><forwarder domain='a/@' addr='192.0.2.1'/></dns>", long, '#'),
  }),
  start('DNSMASQ_NAME', 'dns.txts[0].name', named("<dns><txt name='@' value='v'/></dns>", long, 'a')),
  start('DNSMASQ_NAME', 'dns.srvs[0].service', srv("service='@' protocol='tcp'", long.slice(1), long.slice(2))),
  start('DNSMASQ_NAME', 'dns.srvs[0].domain', srv("service='s' protocol='tcp' domain='@'", long, 'a')),
  start('DNSMASQ_NAME', 'dns.srvs[0].target', srv("service='s' protocol='tcp' target='@'", long, '.')),
  start('DNSMASQ_NAME', 'dns.srvs[0].target', {
    what: 'with a comma',
    ...srv("service='s' protocol='tcp' target='t@'", ',b', ',5'),
  }),
  start('DNSMASQ_QUOTE', 'dns.txts[0].value', named("<dns><txt name='t' value='a@'/></dns>", '"', '"b"')),
  start('DNSMASQ_LINE_LONG', 'dns.txts[0].value', {
    ...named("<dns><txt name='t' value='@'/></dns>", 'v'.repeat(1012), 'v'.repeat(1011)),
  }),
  ...(['tftp.root', 'dhcp.bootp.file'] as const).map((at) =>
    start('DNSMASQ_QUOTE', `ips[0].${at}`, {
      ...swap(
        network(
          "<ip address='10.0.0.1' prefix='24'>",
          at === 'tftp.root' ? "<tftp root='/a@'/>" : '',
          "<dhcp><range start='10.0.0.2' end='10.0.0.9'/>",
          at === 'tftp.root' ? '' : "<bootp file='a@'/>",
          '</dhcp></ip>',
        ),
        '"',
        '',
      ),
    }),
  ),
  start('DNSMASQ_QUOTE', 'bridge.name', {
    also: [['DEVICE_NAME_NFT', 'warning', 'bridge.name', 3]],
    ...named("<bridge name='a@'/>", '"', 'b'),
  }),
];

const RESERVED =
  "<ip address='10.0.0.1' prefix='24'><dhcp><host mac='52:54:00:00:00:01' ip='10.0.0.5' name='@'/></dhcp></ip>";

/** What dnsmasq passes over. */
const IGNORED_BY_DNSMASQ: readonly RuleExample[] = [
  {
    rule: 'HOST_IS_GATEWAY',
    is: 'warning',
    at: 'ips[0].dhcp.hosts[0].ip',
    ...swap(
      network("<ip address='10.0.0.1' prefix='24'><dhcp><host mac='52:54:00:00:00:01' ip='10.0.0.@'/></dhcp></ip>"),
      '1',
      '2',
    ),
  },
  ...['a b', 'a+', 'ignore', '1h', long].map(
    (name): RuleExample => ({
      rule: 'HOST_NAME_UNUSABLE',
      what: name.slice(0, 9),
      is: 'warning',
      at: 'ips[0].dhcp.hosts[0].name',
      ...swap(network(RESERVED), name, 'a_b.c d'),
    }),
  ),
  ...['a b', '#a', long].map(
    (name): RuleExample => ({
      rule: 'DNS_HOST_NAME_UNUSABLE',
      what: name.slice(0, 9),
      is: 'warning',
      at: 'dns.hosts[0].hostnames[0]',
      ...named("<dns><host ip='10.0.0.2'><hostname>@</hostname></host></dns>", name, 'a#b'),
    }),
  ),
];

/** What the start of a network fails for, and what dnsmasq passes over. */
export const STARTS: readonly RuleExample[] = [...DEVICES, ...ADDRESSES, ...DNSMASQ, ...IGNORED_BY_DNSMASQ];
