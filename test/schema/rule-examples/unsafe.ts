import { BRIDGED, network, port, type RuleExample, SUBNET, swap } from './example.js';

/** `@` marks a place where a text is printed without escaping, or written into dnsmasq's configuration. */
type Row = readonly [path: string, text: string];

const host = (attributes: string): string =>
  network("<ip address='10.0.0.1' prefix='24'>", `<dhcp><host ${attributes}/></dhcp>`, '</ip>');
const HOST = 'ips[0].dhcp.hosts[0]';
const ovs = "<virtualport type='openvswitch'><parameters profileid='a@b'/></virtualport>";
const dns = (record: string): string => network('<dns>', record, '</dns>');
const OPTIONS = "<q:options xmlns:q='http://libvirt.org/schemas/network/dnsmasq/1.0'>";

const UNESCAPED: readonly Row[] = [
  ['domain.name', network("<domain name='a@b'/>")],
  ['virtualport.parameters.profileid', network(...BRIDGED, ovs)],
  ['portgroups[0].name', network("<portgroup name='a@b'/>")],
  ['portgroups[0].virtualport.parameters.profileid', network(...BRIDGED, "<portgroup name='g'>", ovs, '</portgroup>')],
  [`${HOST}.name`, host("name='a@b' ip='10.0.0.2'")],
  [`${HOST}.mac`, host("mac='52:54:00:00:00:01 @' ip='10.0.0.2'")],
];

const LINES: readonly Row[] = [
  ['domain.name', network("<domain name='a@b'/>")],
  ['bridge.name', network("<bridge name='a@b'/>")],
  ['ips[0].tftp.root', network("<ip address='10.0.0.1' prefix='24'>", "<tftp root='a@b'/>", '</ip>')],
  [
    'ips[0].dhcp.bootp.file',
    network(
      "<ip address='10.0.0.1' prefix='24'><dhcp>",
      "<range start='10.0.0.2' end='10.0.0.9'/>",
      "<bootp file='a@b'/>",
      '</dhcp></ip>',
    ),
  ],
  [`${HOST}.name`, host("name='a@b' ip='10.0.0.2'")],
  [`${HOST}.mac`, host("mac='52:54:00:00:00:01 @' ip='10.0.0.2'")],
  ['dns.forwarders[0].domain', dns("<forwarder domain='a@b'/>")],
  ['dns.txts[0].name', dns("<txt name='a@b' value='v'/>")],
  ['dns.txts[0].value', dns("<txt name='t' value='a@b'/>")],
  ['dns.srvs[0].domain', dns("<srv service='s' protocol='tcp' domain='a@b'/>")],
  ['dns.srvs[0].target', dns("<srv service='s' protocol='tcp' target='a@b'/>")],
  ['dns.hosts[0].hostnames[0]', dns("<host ip='10.0.0.2'><hostname>a@b</hostname></host>")],
  ['dnsmasq.options[0].value', network(OPTIONS, "<q:option value='a@b'/>", '</q:options>')],
];

/** What libvirt accepts although it could not read its own output, or would carry more than was meant. */
export const UNSAFE: readonly RuleExample[] = [
  ...UNESCAPED.map(
    ([at, text]): RuleExample => ({
      rule: 'UNESCAPED_CHARACTER',
      is: 'unsafe',
      at,
      ...swap(text, '&quot;', at.endsWith('.mac') ? '' : '-'),
    }),
  ),
  {
    rule: 'UNESCAPED_CHARACTER',
    what: 'of a port',
    is: 'unsafe',
    at: 'virtualport.parameters.profileid',
    format: 'port',
    broken: port(ovs.replace('@', '&amp;')),
    right: port(ovs.replace('@', '-')),
  },
  ...LINES.map(
    ([at, text]): RuleExample => ({
      rule: 'DNSMASQ_LINE_BREAK',
      is: 'unsafe',
      at,
      also: at === 'bridge.name' ? [['BRIDGE_NAME_INVALID', 'start', at, 3]] : [],
      ...swap(text, '&#10;', at.endsWith('.mac') ? '' : '-'),
    }),
  ),
  {
    rule: 'BRIDGE_DELAY_NEGATIVE',
    is: 'unsafe',
    at: 'bridge.delay',
    ...swap(network("<bridge delay='@'/>"), '9223372036854775808', '9223372036854775807'),
  },
  {
    rule: 'VLAN_NATIVE_PRINTED_TWICE',
    is: 'unsafe',
    at: 'vlan.tags',
    also: [['VLAN_TAG_DUPLICATE', 'warning', 'vlan.tags[1].id', 5]],
    ...swap(network(...BRIDGED, "<vlan><tag id='5' nativeMode='tagged'/><tag id='@'/></vlan>"), '5', '6'),
  },
  {
    rule: 'VLAN_NATIVE_PRINTED_TWICE',
    what: 'of a port group',
    is: 'unsafe',
    at: 'portgroups[0].vlan.tags',
    ...swap(
      network(
        ...BRIDGED,
        "<portgroup name='g'>",
        "<vlan><tag id='5' nativeMode='tagged'/><tag id='@'/></vlan>",
        '</portgroup>',
      ),
      '5',
      '6',
    ),
  },
];

const forwards = (...entries: readonly string[]) => ({
  inNat: (subnet: string = SUBNET): string =>
    network(
      '<metadata>',
      "<pf:portForwards xmlns:pf='urn:libvirt-network:port-forwards:1'>",
      ...entries,
      '</pf:portForwards>',
      '</metadata>',
      '<forward/>',
      subnet,
    ),
});
const forward = (attributes: string): string => `<pf:forward protocol='tcp' ${attributes}/>`;
const WEB = forward("port='80' to='10.0.0.2'");
const LEASED = "<ip address='10.0.0.1' prefix='24'><dhcp><range start='10.0.0.2' end='10.0.0.9'/>@</dhcp></ip>";

/** Port forwards, which the library keeps in a network's metadata. */
export const PORT_FORWARDS: readonly RuleExample[] = [
  {
    rule: 'PORT_FORWARD_MODE',
    is: 'start',
    at: 'metadata',
    line: 3,
    broken: forwards(WEB).inNat().replace('<forward/>', "<forward mode='route'/>"),
    right: forwards(WEB).inNat(),
  },
  {
    rule: 'PORT_FORWARD_INVALID',
    is: 'start',
    at: 'metadata',
    ...swap(forwards(forward("port='@' to='10.0.0.2'")).inNat(), '65536', '65535'),
    line: 3,
  },
  {
    rule: 'PORT_FORWARD_DUPLICATE',
    is: 'start',
    at: 'metadata',
    ...swap(forwards(forward("port='80-90' to='10.0.0.2'"), forward("port='@' to='10.0.0.3'")).inNat(), '90', '91'),
    line: 3,
  },
  {
    rule: 'PORT_FORWARD_TARGET',
    is: 'start',
    at: 'metadata',
    ...swap(forwards(forward("port='80' to='10.0.@'")).inNat(), '1.2', '0.2'),
    line: 3,
  },
  {
    rule: 'PORT_FORWARD_TARGET',
    what: "the host's own address",
    is: 'start',
    at: 'metadata',
    ...swap(forwards(forward("port='80' to='10.0.0.@'")).inNat(), '1', '2'),
    line: 3,
  },
  {
    rule: 'PORT_FORWARD_SERVICE',
    is: 'start',
    at: 'metadata',
    ...swap(forwards(forward("port='53' @to='10.0.0.2'")).inNat(), '', "address='192.0.2.1' "),
    line: 3,
  },
  {
    rule: 'PORT_FORWARD_UNRESERVED',
    is: 'warning',
    at: 'metadata',
    ...swap(forwards(WEB).inNat(LEASED), '', "<host name='h' ip='10.0.0.2'/>"),
    line: 3,
  },
];
