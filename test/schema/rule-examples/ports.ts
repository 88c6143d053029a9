import { BRIDGED, network, port, type RuleExample, SUBNET, swap } from './example.js';

const limit = (...attributes: readonly string[]): string =>
  network('<bandwidth>', `<inbound ${attributes.join(' ')}/>`, '</bandwidth>');

const NUMBERS: readonly RuleExample[] = ['average', 'peak', 'floor', 'burst'].map((name) => {
  const beside = name === 'average' ? '' : "average='1' ";
  const floor = name === 'floor' ? { format: 'port' as const } : {};
  const whole = name === 'floor' ? port : network;
  return {
    rule: 'BW_NUMBER',
    is: 'parse',
    at: `bandwidth.inbound.${name}`,
    ...floor,
    ...swap(whole('<bandwidth>', `<inbound ${beside}${name}='@'/>`, '</bandwidth>'), '1k', '1'),
  };
});

const LIMITS: readonly RuleExample[] = (
  [
    ['average', '18014398509481985', '18014398509481984'],
    ['peak', '18014398509481985', '18014398509481984'],
    ['burst', '4194304', '4194303'],
  ] as const
).map(([name, wrong, right]) => ({
  rule: 'BW_TOO_BIG',
  is: 'define',
  at: `bandwidth.inbound.${name}`,
  fineIn: '11.0.0',
  ...swap(limit(...(name === 'average' ? [] : ["average='1'"]), `${name}='@'`), wrong, right),
}));

const REPEATED: readonly RuleExample[] = (['inbound', 'outbound'] as const).flatMap((name) =>
  (['network', 'port'] as const).map((format) => {
    const element = `<${name} average='1'/>`;
    const whole = format === 'network' ? network : port;
    return {
      rule: 'BW_DUPLICATE' as const,
      what: `${name} of a ${format}`,
      is: 'parse' as const,
      at: `bandwidth.${name}`,
      line: format === 'network' ? 5 : 7,
      format,
      libvirt: '9.0.0',
      fineIn: '10.0.0',
      broken: whole('<bandwidth>', element, element, '</bandwidth>'),
      right: whole('<bandwidth>', element, '</bandwidth>'),
    };
  }),
);

/** Traffic shaping. */
export const BANDWIDTH: readonly RuleExample[] = [
  {
    rule: 'BW_NO_AVERAGE',
    is: 'parse',
    at: 'bandwidth.inbound',
    ...swap(network('<bandwidth>', '<inbound @/>', '</bandwidth>'), '', "average='1'"),
  },
  {
    rule: 'BW_NO_AVERAGE',
    is: 'parse',
    at: 'bandwidth.outbound',
    ...swap(network('<bandwidth>', '<outbound @/>', '</bandwidth>'), '', "average='1'"),
  },
  {
    rule: 'BW_NO_AVERAGE',
    what: 'of a port group',
    is: 'parse',
    at: 'portgroups[0].bandwidth.inbound',
    ...swap(
      network("<portgroup name='g'>", '<bandwidth>', '<inbound @/>', '</bandwidth>', '</portgroup>'),
      '',
      "average='1'",
    ),
  },
  {
    rule: 'BW_NO_AVERAGE',
    what: 'into a port',
    is: 'parse',
    at: 'bandwidth.inbound',
    format: 'port',
    ...swap(port('<bandwidth>', '<inbound @/>', '</bandwidth>'), '', "floor='1'"),
  },
  {
    rule: 'BW_NO_AVERAGE',
    what: 'out of a port',
    is: 'parse',
    at: 'bandwidth.outbound',
    format: 'port',
    ...swap(port('<bandwidth>', '<outbound @/>', '</bandwidth>'), '', "average='1'"),
  },
  {
    rule: 'BW_NO_AVERAGE',
    what: 'of a guest',
    is: 'parse',
    at: 'bandwidth.inbound',
    format: 'guest interface',
    broken: { type: 'network', source: { network: 'n' }, bandwidth: { inbound: {} } },
    right: { type: 'network', source: { network: 'n' }, bandwidth: { inbound: { average: 1 } } },
  },
  {
    rule: 'BW_PEAK_NO_AVERAGE',
    is: 'parse',
    at: 'bandwidth.inbound',
    also: [['BW_NO_AVERAGE', 'parse', 'bandwidth.inbound', 4]],
    ...swap(limit("@peak='2'"), '', "average='1' "),
  },
  {
    rule: 'BW_PEAK_NO_AVERAGE',
    what: 'a peak that is not a number',
    is: 'parse',
    at: 'bandwidth.inbound.peak',
    libvirt: '9.0.0',
    fineIn: '10.0.0',
    also: [['BW_NO_AVERAGE', 'parse', 'bandwidth.inbound', 4]],
    ...swap(limit("@peak='x'"), '', "average='1' "),
  },
  {
    rule: 'BW_PEAK_NO_AVERAGE',
    what: 'of a port',
    is: 'parse',
    at: 'bandwidth.inbound',
    format: 'port',
    ...swap(port('<bandwidth>', "<inbound @ burst='2'/>", '</bandwidth>'), "floor='1'", "average='1'"),
  },
  {
    rule: 'BW_FLOOR',
    is: 'parse',
    at: 'bandwidth.inbound.floor',
    ...swap(limit("average='1'@"), " floor='1'", ''),
  },
  {
    rule: 'BW_FLOOR',
    what: 'a floor of 0',
    is: 'parse',
    at: 'bandwidth.inbound.floor',
    fineIn: '9.0.0',
    ...swap(limit("average='1'@"), " floor='0'", ''),
  },
  {
    rule: 'BW_FLOOR_OUTBOUND',
    is: 'parse',
    at: 'bandwidth.outbound.floor',
    format: 'port',
    line: 6,
    broken: port('<bandwidth>', "<outbound average='1' floor='1'/>", '</bandwidth>'),
    right: port('<bandwidth>', "<inbound average='1' floor='1'/>", '</bandwidth>'),
  },
  {
    rule: 'BW_CLASSID',
    is: 'parse',
    at: 'bandwidth.classID',
    ...swap(network('<bandwidth@>', "<inbound average='1'/>", '</bandwidth>'), " classID='3'", ''),
  },
  {
    rule: 'BW_CLASSID',
    what: 'not a number',
    is: 'parse',
    at: 'bandwidth.classID',
    ...swap(network('<bandwidth@>', "<inbound average='1'/>", '</bandwidth>'), " classID='x'", ''),
  },
  ...NUMBERS,
  ...REPEATED,
  ...LIMITS,
  {
    rule: 'NET_BW_MODE',
    is: 'define',
    at: 'bandwidth',
    line: 4,
    broken: network("<forward mode='private'/>", "<bandwidth><inbound average='1'/></bandwidth>"),
    right: network(...BRIDGED, "<bandwidth><inbound average='1'/></bandwidth>"),
  },
  {
    rule: 'PG_BW_MODE',
    is: 'define',
    at: 'portgroups[0].bandwidth',
    line: 5,
    broken: network(
      "<forward mode='private'/>",
      "<portgroup name='g'>",
      "<bandwidth><outbound average='1'/></bandwidth>",
      '</portgroup>',
    ),
    right: network(...BRIDGED, "<portgroup name='g'><bandwidth><outbound average='1'/></bandwidth></portgroup>"),
  },
];

const tagged = (...parts: readonly string[]): string => network(...BRIDGED, ...parts);

/** VLAN tags. */
export const VLANS: readonly RuleExample[] = [
  {
    rule: 'VLAN_NO_TAG',
    is: 'parse',
    at: 'vlan.tags',
    ...swap(tagged('<vlan>@</vlan>'), '', "<tag id='5'/>"),
  },
  {
    rule: 'VLAN_NO_TAG',
    what: 'an empty list',
    is: 'parse',
    at: 'vlan.tags',
    broken: { name: 'n', forward: { mode: 'bridge' }, bridge: { name: 'br0' }, vlan: { tags: [] } },
    right: { name: 'n', forward: { mode: 'bridge' }, bridge: { name: 'br0' }, vlan: { tags: [{ id: 5 }] } },
  },
  {
    rule: 'VLAN_ID_RANGE',
    is: 'parse',
    at: 'vlan.tags[0].id',
    ...swap(tagged("<vlan><tag id='@'/></vlan>"), '4096', '4095'),
  },
  {
    rule: 'VLAN_ID_RANGE',
    what: 'of a port group',
    is: 'parse',
    at: 'portgroups[0].vlan.tags[0].id',
    ...swap(tagged("<portgroup name='g'>", "<vlan><tag id='@'/></vlan>", '</portgroup>'), '4096', '4095'),
  },
  {
    rule: 'VLAN_ID_RANGE',
    what: 'of a port',
    is: 'parse',
    at: 'vlan.tags[0].id',
    format: 'port',
    ...swap(port("<vlan><tag id='@'/></vlan>"), '4096', '4095'),
  },
  {
    rule: 'VLAN_ID_RANGE',
    what: 'of a guest',
    is: 'parse',
    at: 'vlan.tags[0].id',
    format: 'guest interface',
    broken: { type: 'bridge', source: { bridge: 'br0' }, vlan: { tags: [{ id: 4096 }] } },
    right: { type: 'bridge', source: { bridge: 'br0' }, vlan: { tags: [{ id: 4095 }] } },
  },
  {
    rule: 'VLAN_NATIVE_DUP',
    is: 'parse',
    at: 'vlan.tags',
    line: 5,
    broken: tagged("<vlan><tag id='5' nativeMode='tagged'/><tag id='6' nativeMode='tagged'/></vlan>"),
    right: tagged("<vlan><tag id='5' nativeMode='tagged'/><tag id='6'/></vlan>"),
  },
  {
    rule: 'VLAN_TRUNK_REQUIRED',
    is: 'parse',
    at: 'vlan.trunk',
    ...swap(tagged("<vlan trunk='@'><tag id='5'/><tag id='6'/></vlan>"), 'no', 'yes'),
  },
  {
    rule: 'VLAN_TRUNK_REQUIRED',
    what: 'another word than yes',
    is: 'parse',
    at: 'vlan.trunk',
    ...swap(tagged("<vlan trunk='@'><tag id='5'/><tag id='6'/></vlan>"), 'on', 'YES'),
  },
  {
    rule: 'VLAN_TRUNK_NATIVE',
    is: 'parse',
    at: 'vlan.trunk',
    ...swap(tagged("<vlan trunk='@'><tag id='5' nativeMode='tagged'/></vlan>"), 'no', 'yes'),
  },
  {
    rule: 'VLAN_TRUNK_NATIVE',
    what: 'another word than yes',
    is: 'parse',
    at: 'vlan.trunk',
    ...swap(tagged("<vlan trunk='@'><tag id='5' nativeMode='tagged'/></vlan>"), 'on', 'YES'),
  },
  {
    rule: 'VLAN_TRUNK_VALUE',
    is: 'parse',
    at: 'vlan.trunk',
    ...swap(tagged("<vlan trunk='@'><tag id='5'/></vlan>"), 'on', 'NO'),
  },
  {
    rule: 'VLAN_MODE',
    is: 'define',
    at: 'vlan',
    line: 3,
    broken: network("<vlan><tag id='5'/></vlan>"),
    right: tagged("<vlan><tag id='5'/></vlan>"),
  },
  {
    rule: 'VLAN_MODE',
    what: 'on a Linux bridge',
    is: 'define',
    at: 'vlan',
    line: 5,
    libvirt: '10.10.0',
    fineIn: '11.0.0',
    broken: tagged("<vlan><tag id='5'/></vlan>"),
    right: tagged("<vlan><tag id='5'/></vlan>", "<virtualport type='openvswitch'/>"),
  },
  {
    rule: 'VLAN_MODE',
    what: 'tags of a port group',
    is: 'define',
    at: 'portgroups[0].vlan',
    line: 4,
    broken: network("<portgroup name='g'>", "<vlan><tag id='5'/></vlan>", '</portgroup>'),
    right: tagged("<portgroup name='g'><vlan><tag id='5'/></vlan></portgroup>"),
  },
  {
    rule: 'VLAN_MODE',
    what: 'virtual port of a port group',
    is: 'define',
    at: 'portgroups[0].virtualport',
    ...swap(
      tagged("<vlan><tag id='5'/></vlan>", "<portgroup name='g'>", "<virtualport type='@'/>", '</portgroup>'),
      'midonet',
      'openvswitch',
    ),
  },
];

const OVS = "<virtualport type='openvswitch'>";
const switched = (attributes: string): string =>
  tagged("<virtualport type='802.1Qbg'>", `<parameters ${attributes}/>`, '</virtualport>');

/** Virtual ports. */
export const VIRTUAL_PORTS: readonly RuleExample[] = [
  {
    rule: 'VPORT_TYPE_UNKNOWN',
    is: 'parse',
    at: 'virtualport.type',
    ...swap(tagged("<virtualport type='@'/>"), 'ovs', 'openvswitch'),
    also: [['VPORT_TYPE_MISSING', 'parse', 'virtualport', 5]],
  },
  {
    rule: 'VPORT_TYPE_MISSING',
    is: 'parse',
    at: 'virtualport',
    ...swap(tagged('<virtualport@/>'), '', " type='openvswitch'"),
  },
  ...(['managerid', 'typeid', 'typeidversion'] as const).map(
    (name): RuleExample => ({
      rule: 'VPORT_PARSE',
      is: 'parse',
      at: `virtualport.parameters.${name}`,
      ...swap(switched(`${name}='@'`), 'x', '1'),
    }),
  ),
  {
    rule: 'VPORT_PARSE',
    what: 'a hexadecimal number',
    is: 'parse',
    at: 'virtualport.parameters.typeid',
    fineIn: '11.3.0',
    ...swap(switched("typeid='@'"), '0x10', '16'),
  },
  ...(
    [
      ['managerid', '256', '255'],
      ['typeid', '16777216', '16777215'],
      ['typeidversion', '256', '255'],
    ] as const
  ).map(
    ([name, wrong, right]): RuleExample => ({
      rule: 'VPORT_RANGE',
      is: 'parse',
      at: `virtualport.parameters.${name}`,
      ...swap(switched(`${name}='@'`), wrong, right),
    }),
  ),
  {
    rule: 'VPORT_UUID',
    is: 'parse',
    at: 'virtualport.parameters.instanceid',
    ...swap(switched("instanceid='09b11c53-8b5c-4eeb-8f00-@'"), 'd84eaa0aaa4', 'd84eaa0aaa4f'),
  },
  {
    rule: 'VPORT_UUID',
    is: 'parse',
    at: 'virtualport.parameters.interfaceid',
    ...swap(
      tagged(OVS, "<parameters interfaceid='09b11c53-8b5c-4eeb-8f00-@'/>", '</virtualport>'),
      'd84eaa0aaa4',
      'd84eaa0aaa4f',
    ),
  },
  {
    rule: 'VPORT_PROFILE_LONG',
    is: 'parse',
    at: 'virtualport.parameters.profileid',
    ...swap(tagged(OVS, "<parameters profileid='@'/>", '</virtualport>'), 'ä'.repeat(20), `${'ä'.repeat(19)}a`),
  },
  {
    rule: 'VPORT_EXTRA',
    is: 'parse',
    at: 'virtualport.parameters.managerid',
    ...swap(
      tagged("<virtualport type='@'>", "<parameters managerid='1'/>", '</virtualport>'),
      'openvswitch',
      '802.1Qbg',
    ),
    line: 6,
  },
  {
    rule: 'VPORT_EXTRA',
    what: 'midonet',
    is: 'parse',
    at: 'virtualport.parameters.managerid',
    fineIn: '11.3.0',
    ...swap(
      tagged("<virtualport type='midonet'>", '<parameters @/>', '</virtualport>'),
      "managerid='1'",
      "interfaceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'",
    ),
  },
  {
    rule: 'VPORT_EXTRA',
    what: 'of a port group',
    is: 'parse',
    at: 'portgroups[0].virtualport.parameters.managerid',
    ...swap(
      tagged("<portgroup name='g'>", OVS, '<parameters @/>', '</virtualport>', '</portgroup>'),
      "managerid='1'",
      "profileid='p'",
    ),
  },
  {
    rule: 'VPORT_EXTRA',
    what: 'of a port',
    is: 'parse',
    at: 'virtualport.parameters.managerid',
    format: 'port',
    ...swap(port(OVS, '<parameters @/>', '</virtualport>'), "managerid='1'", "profileid='p'"),
  },
  {
    rule: 'VPORT_EXTRA',
    what: 'of a guest',
    is: 'parse',
    at: 'virtualport.parameters.managerid',
    format: 'guest interface',
    broken: {
      type: 'bridge',
      source: { bridge: 'br0' },
      virtualport: { type: 'openvswitch', parameters: { managerid: 1 } },
    },
    right: {
      type: 'bridge',
      source: { bridge: 'br0' },
      virtualport: { type: 'openvswitch', parameters: { profileid: 'p' } },
    },
  },
];

/** Port groups. */
export const PORT_GROUPS: readonly RuleExample[] = [
  {
    rule: 'PG_NO_NAME',
    is: 'parse',
    at: 'portgroups[0].name',
    ...swap(network('<portgroup@/>', SUBNET), '', " name='g'"),
  },
  {
    rule: 'PG_NO_NAME',
    what: 'an empty name',
    is: 'parse',
    at: 'portgroups[0].name',
    broken: { name: 'n', portgroups: [{ name: '' }] },
    right: { name: 'n', portgroups: [{ name: 'g' }] },
  },
  {
    rule: 'PG_TWO_DEFAULTS',
    is: 'define',
    at: 'portgroups[1].default',
    ...swap(network("<portgroup name='g' default='yes'/>", "<portgroup name='h' default='@'/>"), 'yes', 'no'),
  },
  {
    rule: 'PG_DUP_NAME',
    is: 'define',
    at: 'portgroups[1].name',
    ...swap(network("<portgroup name='g'/>", "<portgroup name='@'/>"), 'g', 'h'),
  },
];
