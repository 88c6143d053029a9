import type { RuleId } from '../../../src/schema/rules/table.js';
import { BRIDGED, type Format, hostInterface, network, port, type RuleExample, SUBNET, swap } from './example.js';

/** One attribute with a wrong and a right value; `@` marks the value. */
type Row = readonly [path: string, text: string, wrong: string, right: string];

const leased = (attributes: string): string =>
  network(
    "<ip address='10.0.0.1' prefix='24'><dhcp>",
    `<range start='10.0.0.2' end='10.0.0.9'><lease ${attributes}/></range>`,
    '</dhcp></ip>',
  );
const pci = (inner: string): string => network("<forward mode='hostdev'>", inner, '</forward>');
const route = (attributes: string): string =>
  network(SUBNET, `<route address='10.1.0.0' gateway='10.0.0.2' ${attributes}/>`);
const EXPIRY = 'ips[0].dhcp.ranges[0].lease.expiry';
const PCI = 'forward.addresses[0]';

const WORDS: readonly Row[] = [
  ['trustGuestRxFilters', "<network trustGuestRxFilters='@'><name>n</name></network>", 'on', 'yes'],
  ['domain.localOnly', network("<domain name='d' localOnly='@'/>"), 'on', 'yes'],
  ['domain.register', network("<domain name='d' localOnly='yes' register='@'/>"), 'on', 'yes'],
  ['dns.enable', network("<dns enable='@'/>"), 'on', 'yes'],
  ['dns.forwardPlainNames', network("<dns forwardPlainNames='@'/>"), 'on', 'yes'],
  ['port.isolated', network("<port isolated='@'/>"), 'on', 'yes'],
  ['ips[0].localPtr', network("<ip address='10.0.0.1' prefix='24' localPtr='@'/>"), 'on', 'yes'],
  ['ips[0].dhcp.ranges[0].lease.unit', leased("expiry='5' unit='@'"), 'days', 'hours'],
  ['forward.nat.ipv6', network("<forward mode='nat'>", "<nat ipv6='@'/>", '</forward>', SUBNET), 'on', 'yes'],
  ['forward.driver.iommufd', pci("<driver name='vfio' iommufd='@'/>"), 'on', 'yes'],
  [`${PCI}.multifunction`, pci("<address type='pci' bus='3' multifunction='@'/>"), 'yes', 'on'],
  ['portgroups[0].trustGuestRxFilters', network("<portgroup name='g' trustGuestRxFilters='@'/>"), 'on', 'yes'],
  ['vlan.tags[0].nativeMode', network(...BRIDGED, "<vlan><tag id='5' nativeMode='@'/></vlan>"), 'yes', 'tagged'],
];

const NUMBERS: readonly Row[] = [
  [EXPIRY, leased("expiry='@'"), '1h', '60'],
  ['ips[0].prefix', network("<ip address='10.0.0.1' prefix='@'/>"), '/24', '24'],
  ['routes[0].prefix', route("prefix='@'"), '/16', '16'],
  ['routes[0].metric', route("prefix='16' metric='@'"), '-1', '1'],
  ['vlan.tags[0].id', network(...BRIDGED, "<vlan><tag id='@'/></vlan>"), 'x', '5'],
  ...['domain', 'bus', 'slot', 'function'].map(
    (part): Row => [`${PCI}.${part}`, pci(`<address type='pci' ${part}='@'/>`), 'x', '0x1'],
  ),
];

const PORT_WORDS: readonly Row[] = [
  ['rxfilters.trustGuest', port("<rxfilters trustGuest='@'/>"), 'on', 'yes'],
  ['plug.type', port("<plug type='@' bridge='br0'/>"), 'tap', 'bridge'],
  ['plug.managed', port("<plug type='hostdev-pci' managed='@'>", "<address bus='1'/>", '</plug>'), 'on', 'yes'],
];

const PORT_NUMBERS: readonly Row[] = [
  ['bandwidth.classID', port("<bandwidth classID='@'/>"), 'x', '3'],
  ...['uid', 'fid'].map(
    (part): Row => [
      `plug.address.zpci.${part}`,
      port("<plug type='hostdev-pci'>", `<address bus='3'><zpci ${part}='@'/></address>`, '</plug>'),
      'x',
      '0x1',
    ],
  ),
];

const ETHERNET = (...parts: readonly string[]): string => hostInterface('ethernet', ...parts);
const INTERFACE_WORDS: readonly Row[] = [
  ['type', "<interface type='@' name='if0'/>", 'dummy', 'ethernet'],
  ['protocols[0].family', ETHERNET("<protocol family='@'/>"), 'ipx', 'ipv6'],
  [
    'protocols[0].dhcp.peerdns',
    ETHERNET("<protocol family='ipv4'>", "<dhcp peerdns='@'/>", '</protocol>'),
    'on',
    'yes',
  ],
  ['link.state', ETHERNET("<link state='@'/>"), 'broken', 'down'],
];

const examples = (rule: RuleId, format: Format, rows: readonly Row[]): RuleExample[] =>
  rows.map(([at, text, wrong, right]) => ({ rule, is: 'parse', at, format, ...swap(text, wrong, right) }));

/** Words and numbers of attributes, whatever they are about. */
export const ATTRIBUTES: readonly RuleExample[] = [
  ...examples('ATTR_ENUM', 'network', WORDS),
  ...examples('ATTR_UINT', 'network', NUMBERS),
  ...examples('ATTR_ENUM', 'port', PORT_WORDS),
  ...examples('ATTR_UINT', 'port', PORT_NUMBERS),
  ...examples('ATTR_INVALID', 'port', [['plug.mode', port("<plug type='direct' dev='eth0' mode='@'/>"), 'x', 'vepa']]),
  ...examples('ATTR_ENUM', 'host interface', INTERFACE_WORDS),
  ...examples('ATTR_UINT', 'host interface', [['link.speed', ETHERNET("<link speed='@'/>"), '1G', '1000']]),
  ...examples('ATTR_INVALID', 'host interface', [['mtu.size', ETHERNET("<mtu size='@'/>"), '100001', '100000']]),
  ...examples('ATTR_REQUIRED', 'network', [
    ['vlan.tags[0].id', network(...BRIDGED, '<vlan><tag@/></vlan>'), '', " id='5'"],
  ]),
];
