import type { Random } from './random.js';

/** Values of all kinds: each is right for some keys and wrong for others. */
const VALUES = [
  ...[
    'true',
    'yes',
    '1',
    '0',
    'no',
    'false',
    '',
    '1500',
    '01500',
    '0x5dc',
    '-1',
    '99999',
    '4294967296',
    'abc',
    '5 ',
    '" x"',
  ],
  ...[
    '10.0.0.2/24',
    '10.0.0.2',
    '10.0.0.2/24,10.0.0.1',
    '10.0.0.2;24;10.0.0.1',
    '10.0.0.2/33',
    '10.0.0.2/08',
    '10.0.0.2/0x8',
  ],
  ...['10.0.0.0/8,10.0.0.1', '10.0.0.0/8,10.0.0.1,010', '10.0.0.2/24;', 'fd00::2/64', 'fd00::2/64,fd00::1', 'fe80::1'],
  ...[
    '8.8.8.8;',
    '8.8.8.8,1.1.1.1',
    '8.8.8.8;1.1.1.1;',
    'a.example;b.example;',
    'a.example',
    '~a.example;',
    '# c',
    'x;y',
  ],
  ...[
    '52:54:00:00:00:01',
    '52-54-00-00-00-01',
    'preserve',
    'random',
    'mac',
    'duid',
    '01:02:03',
    '2',
    '15',
    '32768',
    '65536',
  ],
  ...[
    '2.5',
    '10-20',
    '10 pvid untagged',
    '10-20, 100 pvid',
    'table=5',
    'mtu=1400',
    'onlink=true',
    'src=10.0.0.2',
    'none',
  ],
] as const;

const IP = ['addresses', 'address2', 'gateway', 'dns', 'dns-search', 'route1', 'routes', 'route1_options'];
const KEYS = {
  connection: ['autoconnect', 'zone', 'bogus'],
  bridge: [
    ...[
      'stp',
      'priority',
      'forward-delay',
      'hello-time',
      'max-age',
      'ageing-time',
      'mac-address',
      'multicast-snooping',
    ],
    ...['vlan-filtering', 'vlan-default-pvid', 'vlans'],
  ],
  ethernet: ['cloned-mac-address', 'mtu', 'mac-address'],
  ipv4: [...IP, 'dhcp-client-id', 'ignore-auto-dns', 'never-default', 'route-metric'],
  ipv6: [...IP, 'ignore-auto-dns', 'never-default', 'route-metric'],
} as const;

const METHODS = {
  ipv4: ['method=auto', 'method=manual\naddress1=10.0.0.9/24'],
  ipv6: ['method=auto', 'method=manual\naddress1=fd00::9/64'],
} as const;

/** The settings of a profile of NetworkManager, with values of all kinds for the keys that are read. */
export function randomProfile(random: Random): string {
  const settings = (keys: readonly string[], most: number): string[] =>
    random.list(0, most, () => `${random.pick(keys)}=${random.pick(VALUES)}`);
  return [
    ...[['[connection]'], settings(KEYS.connection, 1), ['[bridge]'], settings(KEYS.bridge, 2)],
    ...[['[ethernet]'], settings(KEYS.ethernet, 1)],
    ...[['[ipv4]', random.pick(METHODS.ipv4)], settings(KEYS.ipv4, 3)],
    ...[['[ipv6]', random.pick(METHODS.ipv6)], settings(KEYS.ipv6, 3), ['']],
  ]
    .flat()
    .join('\n');
}
