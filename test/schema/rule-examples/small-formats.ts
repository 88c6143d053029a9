import { hostInterface, MAC, OWNER, PORT_UUID, port, type RuleExample, swap } from './example.js';

const PORT = port();

const MISSING: readonly RuleExample[] = (
  [
    ['uuid', PORT_UUID, 1],
    ['owner', OWNER, 1],
    ['owner.name', '<name>g</name>', 3],
    ['owner.uuid', /<uuid>3be8.*?<\/uuid>/, 3],
    ['mac', MAC, 1],
  ] as const
).map(([at, part, line]) => ({
  rule: 'ELEMENT_REQUIRED',
  is: 'parse',
  at,
  line,
  format: 'port',
  broken: PORT.replace(part, ''),
  right: PORT,
}));

/** Network ports. */
export const PORTS: readonly RuleExample[] = [
  ...MISSING,
  ...(
    [
      ['network', 'bridge', "bridge='br0'"],
      ['bridge', 'bridge', "bridge='br0'"],
      ['direct', 'dev', "dev='eth0'"],
    ] as const
  ).map(
    ([type, needed, given]): RuleExample => ({
      rule: 'PLUG_NEEDS',
      what: type,
      is: 'parse',
      at: `plug.${needed}`,
      format: 'port',
      ...swap(port(`<plug type='${type}' @/>`), '', given),
    }),
  ),
  {
    rule: 'PLUG_NEEDS',
    what: 'hostdev-pci',
    is: 'parse',
    at: 'plug.address',
    format: 'port',
    ...swap(port("<plug type='hostdev-pci'>@</plug>"), '', "<address bus='1'/>"),
  },
];

const VLAN = "<vlan tag='5'><interface name='eth0'/></vlan>";

/** Interfaces of the host. */
export const HOST_INTERFACES: readonly RuleExample[] = [
  ...(
    [
      ['bridge', '<bridge/>'],
      ['bond', '<bond/>'],
      ['vlan', VLAN],
    ] as const
  ).map(
    ([type, part]): RuleExample => ({
      rule: 'INTERFACE_NEEDS',
      what: type,
      is: 'parse',
      at: type,
      line: 1,
      format: 'host interface',
      broken: hostInterface(type),
      right: hostInterface(type, part),
    }),
  ),
  {
    rule: 'INTERFACE_NEEDS',
    what: 'a bond in a bridge',
    is: 'parse',
    at: 'bridge.interfaces[0].bond',
    format: 'host interface',
    ...swap(
      hostInterface('bridge', '<bridge>', "<interface type='bond' name='b'>@</interface>", '</bridge>'),
      '',
      '<bond/>',
    ),
  },
  {
    rule: 'INTERFACE_NESTED',
    what: 'in a bridge',
    is: 'parse',
    at: 'bridge.interfaces[0].type',
    format: 'host interface',
    ...swap(
      hostInterface('bridge', '<bridge>', "<interface type='@' name='p'><bridge/></interface>", '</bridge>'),
      'bridge',
      'ethernet',
    ),
  },
  {
    rule: 'INTERFACE_NESTED',
    what: 'in a bond',
    is: 'parse',
    at: 'bond.interfaces[0].type',
    format: 'host interface',
    ...swap(
      hostInterface('bond', '<bond>', `<interface type='@' name='p'>${VLAN}</interface>`, '</bond>'),
      'vlan',
      'ethernet',
    ),
  },
  {
    rule: 'ELEMENT_REQUIRED',
    is: 'parse',
    at: 'vlan.interface',
    format: 'host interface',
    ...swap(hostInterface('vlan', "<vlan tag='5'>@</vlan>"), '', "<interface name='eth0'/>"),
  },
  {
    rule: 'ATTR_REQUIRED',
    is: 'parse',
    at: 'name',
    format: 'host interface',
    ...swap("<interface type='ethernet'@/>", '', " name='if0'"),
  },
  {
    rule: 'WORD_IGNORED',
    is: 'warning',
    at: 'bridge.stp',
    format: 'host interface',
    broken: { type: 'bridge', name: 'if0', bridge: { stp: 'yes' } },
    right: { type: 'bridge', name: 'if0', bridge: { stp: true } },
  },
  ...(
    [
      ['mac.address', 'ethernet', "<mac address='a@b'/>"],
      ['bridge.delay', 'bridge', "<bridge delay='a@b'/>"],
      ['bond.arpmon.target', 'bond', "<bond><arpmon interval='5' target='a@b'/></bond>"],
      ['vlan.tag', 'vlan', "<vlan tag='a@b'><interface name='eth0'/></vlan>"],
      ['vlan.interface.name', 'vlan', "<vlan tag='5'><interface name='a@b'/></vlan>"],
      ['protocols[0].ips[0].address', 'ethernet', "<protocol family='ipv4'><ip address='a@b'/></protocol>"],
      ['protocols[0].route.gateway', 'ethernet', "<protocol family='ipv4'><route gateway='a@b'/></protocol>"],
    ] as const
  ).map(([at, type, part]): RuleExample => {
    const { broken, right } = swap(hostInterface(type, part), '&lt;', '-');
    return { rule: 'UNESCAPED_CHARACTER', is: 'unsafe', at, format: 'host interface', broken, right };
  }),
];
