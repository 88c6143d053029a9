import type { HostBridgeDocument } from '../../src/host-bridge/document.js';

/** Files of netplan, and what netplan makes of the bridge br0 in them. */
export interface NetplanCase {
  readonly name: string;
  /** The content of each file, in the order of their names. */
  readonly files: readonly string[];
  /** The parts that matter here; the line of the last file where netplan refuses. */
  readonly wanted:
    | Pick<HostBridgeDocument, 'ipv4' | 'ipv6' | 'routes' | 'dns' | 'stp'>
    | { readonly refusedAt: number };
  /** What is listed as left out: number of the file, line, and the path of the setting. */
  readonly left?: readonly (readonly [file: number, line: number, what: string])[];
  /** Set where netplan on the machine of the tests needs a program that is not there, or is too old for it. */
  readonly isUnasked?: true;
}

const bridge = (...lines: readonly string[]): string =>
  ['network:', '  bridges:', '    br0:', ...lines.map((line) => `      ${line}`)].join('\n');

/** Files as people write them, right and wrong. */
export const NETPLAN_CASES: readonly NetplanCase[] = [
  {
    name: 'addresses with options below them',
    files: [
      bridge(
        'link-local: []',
        'addresses:',
        '- 10.0.0.2/24: {label: "br0:1"}',
        '- "10.0.1.2/24":',
        '    lifetime: 0',
        '- 10.0.2.2/24',
        '- 10.0.3.2/24: {}',
      ),
    ],
    wanted: { ipv4: { addresses: ['10.0.0.2/24', '10.0.1.2/24', '10.0.2.2/24', '10.0.3.2/24'] } },
    left: [
      [0, 6, 'bridges.br0.addresses.0.10.0.0.2/24.label'],
      [0, 8, 'bridges.br0.addresses.1.10.0.1.2/24.lifetime'],
    ],
  },
  {
    name: 'an empty map that makes another kind of bridge',
    files: [bridge('dhcp4: true', 'openvswitch: {}')],
    wanted: { ipv4: { auto: 'dhcp' } },
    left: [[0, 5, 'bridges.br0.openvswitch']],
    isUnasked: true,
  },
  {
    name: 'empty maps and lists that say nothing',
    files: [bridge('addresses: [10.0.0.2/24]', 'routes: []', 'nameservers: {}', 'link-local: []')],
    wanted: { stp: { enabled: false }, ipv4: { addresses: ['10.0.0.2/24'] } },
  },
  {
    name: 'an empty map of parameters, which switches the spanning tree on',
    files: [bridge('addresses: [10.0.0.2/24]', 'parameters: {}')],
    wanted: { stp: { enabled: true } },
  },
  {
    name: 'no link-local address of IPv6, and so nothing to listen to advertisements with',
    files: [bridge('dhcp4: on', 'link-local: [ipv4]')],
    wanted: { ipv4: { auto: 'dhcp' }, ipv6: {} },
    left: [[0, 5, 'bridges.br0.link-local.0']],
  },
  {
    name: 'a link-local address of IPv6, and nothing about advertisements',
    files: [bridge('dhcp4: y', 'link-local: [ipv6]')],
    wanted: { ipv4: { auto: 'dhcp' }, ipv6: { auto: 'slaac' } },
  },
  {
    name: 'routes of every kind',
    files: [
      bridge(
        'addresses: [10.0.0.2/24]',
        'routes:',
        '- {to: 0.0.0.0/0, via: 10.0.0.1, metric: 5}',
        '- {to: 10.1.2.3/8, scope: link}',
        '- {to: 10.9.9.9, via: 10.0.0.1, table: 7}',
        '- {to: 10.8.0.0/16, via: 10.0.0.1, type: blackhole}',
        '- {to: 10.7.0.0/16, via: 10.0.0.1, mtu: 1400}',
        '- {to: default, via: "fe80::1", on-link: true}',
      ),
    ],
    wanted: {
      routes: [
        { to: '0.0.0.0/0', via: '10.0.0.1', metric: 5 },
        { to: '10.0.0.0/8' },
        { to: '10.9.9.9/32', via: '10.0.0.1', table: 7 },
        { to: '10.7.0.0/16', via: '10.0.0.1' },
        { to: '::/0', via: 'fe80::1', onLink: true },
      ],
    },
    left: [
      [0, 9, 'bridges.br0.routes.3.to'],
      [0, 9, 'bridges.br0.routes.3.via'],
      [0, 9, 'bridges.br0.routes.3.type'],
      [0, 10, 'bridges.br0.routes.4.mtu'],
    ],
    isUnasked: true,
  },
  {
    name: 'lists that grow over files, and settings with the file that they are from',
    files: [
      bridge('addresses: [10.0.0.2/24]', 'critical: true', 'link-local: []', 'macaddress: 52:54:00:00:00:01'),
      bridge('# more', 'addresses:', '- 10.0.0.2/24', '- 10.0.9.2/24:', '    label: x'),
    ],
    wanted: { ipv4: { addresses: ['10.0.0.2/24', '10.0.9.2/24'] } },
    left: [
      [1, 8, 'bridges.br0.addresses.1.10.0.9.2/24.label'],
      [0, 5, 'bridges.br0.critical'],
    ],
  },
  {
    name: 'a later file counts before an earlier one',
    files: [
      bridge('dhcp4: true', 'parameters: {stp: true}', 'link-local: []'),
      bridge('dhcp4: no', 'parameters: {stp: false}'),
    ],
    wanted: { ipv4: {}, stp: { enabled: false } },
  },
  {
    name: 'a bridge indented under ethernets',
    files: [
      'network:\n  ethernets:\n    eno1: {}\n    br0:\n      interfaces: [eno1]\n      addresses: [10.0.0.2/24]\n',
    ],
    wanted: { refusedAt: 5 },
  },
  {
    name: 'the key bridges indented under ethernets',
    files: ['network:\n  ethernets:\n    bridges:\n      br0:\n        interfaces: [eno1]\n'],
    wanted: { refusedAt: 4 },
  },
  {
    name: 'the key bridge',
    files: ['network:\n  ethernets:\n    eno1: {}\n  bridge:\n    br0: {}\n'],
    wanted: { refusedAt: 4 },
  },
  { name: 'no key network', files: ['bridges:\n  br0: {}\n'], wanted: { refusedAt: 1 } },
  { name: 'a key with a slip', files: [bridge('dhcp4: true', 'interface: [eno1]')], wanted: { refusedAt: 5 } },
  { name: 'a parameter with a slip', files: [bridge('parameters:', '  spt: true')], wanted: { refusedAt: 5 } },
  { name: 'a truth value that is none', files: [bridge('mtu: 1500', 'dhcp4: maybe')], wanted: { refusedAt: 5 } },
  { name: 'a number that is none', files: [bridge('dhcp4: true', 'mtu: 1k5')], wanted: { refusedAt: 5 } },
  {
    name: 'an address without a prefix',
    files: [bridge('addresses:', '- 10.0.0.2')],
    wanted: { refusedAt: 5 },
  },
  {
    name: 'an address with a prefix too long',
    files: [bridge('addresses:', '- 10.0.0.1/33')],
    wanted: { refusedAt: 5 },
  },
  { name: 'an address for a list', files: [bridge('dhcp4: true', 'addresses: 10.0.0.2/24')], wanted: { refusedAt: 5 } },
  { name: 'nothing for a bridge', files: ['network:\n  version: 2\n  bridges:\n    br0:\n'], wanted: { refusedAt: 4 } },
  {
    name: 'keys that are there twice: maps are put together, lists grow, of other values the last one counts',
    files: [
      'network:\n  bridges:\n    br0: {dhcp4: true, addresses: [10.0.0.2/24]}\n    br0:\n      addresses: [10.0.1.2/24, 10.0.0.2/24]\n      dhcp4: false\n',
    ],
    wanted: { ipv4: { addresses: ['10.0.0.2/24', '10.0.1.2/24'] } },
  },
  {
    name: 'a route that is not a map',
    files: [bridge('dhcp4: true', 'routes: [{to: default}, 5]')],
    wanted: { refusedAt: 5 },
  },
  { name: 'a number for a truth value', files: [bridge('mtu: 1500', 'dhcp4: 1')], wanted: { refusedAt: 5 } },
  { name: 'a number in another base', files: [bridge('dhcp4: true', 'mtu: 0x5dc')], wanted: { refusedAt: 5 } },
  { name: 'a list for a bridge', files: ['network:\n  bridges:\n    br0: [{}]\n'], wanted: { refusedAt: 3 } },
  { name: 'a gateway that is not an address', files: [bridge('gateway4: 10.0.0.300')], wanted: { refusedAt: 4 } },
  { name: 'a route to a name', files: [bridge('routes:', '- {to: nowhere, via: 10.0.0.1}')], wanted: { refusedAt: 5 } },
  {
    name: 'a metric that is not a number',
    files: [bridge('routes:', '- {to: default, via: 10.0.0.1, metric: x}')],
    wanted: { refusedAt: 5 },
  },
  {
    name: 'a key of routes with a slip',
    files: [bridge('routes:', '- {to: default, via: 10.0.0.1, onlink: true}')],
    wanted: { refusedAt: 5 },
  },
  {
    name: 'the name of a name server',
    files: [bridge('nameservers:', '  addresses: [dns.example]')],
    wanted: { refusedAt: 5 },
  },
  {
    name: 'a MAC address with a digit too few',
    files: [bridge('macaddress: "aa:bb:cc:dd:ee:f"')],
    wanted: { refusedAt: 4 },
  },
  { name: 'a number that is too large', files: [bridge('mtu: 99999999999')], wanted: { refusedAt: 4 } },
  { name: 'a client identifier of another kind', files: [bridge('dhcp-identifier: uuid')], wanted: { refusedAt: 4 } },
  { name: 'another renderer', files: [bridge('renderer: systemd')], wanted: { refusedAt: 4 } },
  { name: 'a link-local address of no family', files: [bridge('link-local: [ipv5]')], wanted: { refusedAt: 4 } },
  {
    name: 'addresses that netplan hands on, and networkd does not take',
    files: [
      bridge('addresses:', '- 10.0.0.2/08', '- 10.0.0.3/8', '- "10.0.0.4/8x": {label: "br0:1"}', '- "10.0.0.5/010"'),
    ],
    wanted: { ipv4: { addresses: ['10.0.0.3/8', '10.0.0.5/8'] } },
    left: [
      [0, 5, 'bridges.br0.addresses.0'],
      [0, 7, 'bridges.br0.addresses.2.10.0.0.4/8x.label'],
    ],
  },
  {
    name: 'routes that netplan hands on, and networkd does not take',
    files: [
      bridge(
        'addresses: [10.0.0.2/8]',
        'routes:',
        '- {to: 11.0.0.0/8, via: 10.0.0.1}',
        '- {to: 12.0.0.0/08, via: 10.0.0.1}',
        '- {to: 13.0.0.0/, via: 10.0.0.1}',
        '- {to: 14.0.0.0/8, via: 10.0.0.1/8}',
      ),
    ],
    wanted: { ipv4: { addresses: ['10.0.0.2/8'] }, routes: [{ to: '11.0.0.0/8', via: '10.0.0.1' }] },
    left: [
      [0, 7, 'bridges.br0.routes.1.to'],
      [0, 7, 'bridges.br0.routes.1.via'],
      [0, 8, 'bridges.br0.routes.2.to'],
      [0, 8, 'bridges.br0.routes.2.via'],
      [0, 9, 'bridges.br0.routes.3.to'],
      [0, 9, 'bridges.br0.routes.3.via'],
    ],
  },
  { name: 'a prefix that is too long', files: [bridge('addresses: [10.0.0.2/033]')], wanted: { refusedAt: 4 } },
  { name: 'an address with two prefixes', files: [bridge('addresses: [10.0.0.2/8/9]')], wanted: { refusedAt: 4 } },
  {
    name: 'a route with two prefixes',
    files: [bridge('addresses: [10.0.0.2/8]', 'routes:', '- {to: 11.0.0.0/8/9, via: 10.0.0.1}')],
    wanted: { refusedAt: 6 },
  },
  {
    name: 'a route by a router of the other family',
    files: [bridge('addresses: [10.0.0.2/8]', 'routes:', '- to: 11.0.0.0/8', '  via: "fe80::1"')],
    wanted: { refusedAt: 7 },
  },
  {
    name: 'a name server with a prefix',
    files: [bridge('dhcp4: true', 'nameservers: {addresses: [10.0.0.2/8]}')],
    wanted: { refusedAt: 5 },
  },
  { name: 'an address with a prefix of 0', files: [bridge('addresses: [10.0.0.2/0]')], wanted: { refusedAt: 4 } },
  {
    name: 'a VLAN without an id',
    files: [`${bridge('dhcp4: true')}\n  ethernets: {e0: {}}\n  vlans:\n    v1: {link: e0}\n`],
    wanted: { refusedAt: 7 },
  },
  {
    name: 'a bond of another mode',
    files: [
      `${bridge('dhcp4: true')}\n  ethernets: {e0: {}}\n  bonds:\n    b1:\n      interfaces: [e0]\n      parameters: {mode: fast}\n`,
    ],
    wanted: { refusedAt: 9 },
  },
  { name: 'a merge of maps', files: [bridge('<<: {dhcp4: true}')], wanted: { refusedAt: 4 } },
  { name: 'another version', files: ['network:\n  version: 1\n  bridges: {br0: {}}\n'], wanted: { refusedAt: 2 } },
];

/** The path of a file of a case. */
export const netplanPath = (i: number): string => `/etc/netplan/${i}.yaml`;
