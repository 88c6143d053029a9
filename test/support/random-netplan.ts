import type { Random } from './random.js';

/** Values of all kinds: each is right at some places and wrong at others. */
const VALUES = [
  ...['true', 'yes', 'y', '1', '0', 'no', 'off', '"true"', 'maybe', '""', '~', 'null', '[]', '{}', '[a]', '{a: 1}'],
  ...[
    '1500',
    '01500',
    '0x5dc',
    '1e3',
    '-1',
    '"-0"',
    '+5',
    '" 5"',
    '99999',
    '4294967296',
    '1.5',
    '1,5',
    '12:30',
    '4095',
  ],
  ...['10.0.0.1', '10.0.0.1/24', '10.0.0.1/0', '10.0.0.0/08', '10.0.0.1/24x', '[10.0.0.1]', '[10.0.0.1/24]'],
  ...[
    'fe80::1',
    'fe80::1/64',
    'fd00::1%eth0',
    '::1',
    '["fd00::1/64"]',
    'default',
    '{e0: 5}',
    '{e0: abc}',
    '{e0: 70}',
    '{e9: 1}',
  ],
  ...['52:54:00:00:00:01', '52-54-00-00-00-01', '52:54:0:0:0:1', 'networkd', 'NetworkManager', 'mac', 'duid', 'ipv4'],
  ...[
    '[ipv4]',
    '[ipv6, ipv4]',
    'ipv6-ra',
    '[static]',
    'eui64',
    'manual',
    'link',
    'Host',
    'blackhole',
    'Local',
    'e0',
    'e9',
  ],
  ...[
    'active-backup',
    '802.3ad',
    '4',
    'fast',
    'layer2+3',
    '200ms',
    'abc',
    '[example.com]',
    '[e0]',
    '[e0, e0]',
    '[nope]',
  ],
  ...['!!str 5', '&x 5', '"\\x41"', "'it''s'", '#x', 'a #b', 'e*'],
] as const;

const COMMON = [
  'dhcp4',
  'mtu',
  'addresses',
  'macaddress',
  'nameservers',
  'routes',
  'link-local',
  'accept-ra',
  'gateway4',
  'bogus',
];

const KEYS = {
  ethernets: [
    ...COMMON,
    ...[
      'gateway6',
      'optional',
      'critical',
      'wakeonlan',
      'renderer',
      'dhcp-identifier',
      'match',
      'set-name',
      'ipv6-privacy',
    ],
    ...['ipv6-address-generation', 'ipv6-mtu', 'ipv6-address-token', 'optional-addresses', 'activation-mode'],
    ...['ignore-carrier', 'dhcp4-overrides', 'emit-lldp', 'routing-policy'],
  ],
  bridges: [...COMMON, 'interfaces', 'parameters', 'parameters'],
  bonds: [...COMMON, 'interfaces', 'parameters', 'parameters'],
  vlans: [...COMMON, 'id', 'link'],
} as const;

const BELOW: Readonly<Record<string, readonly string[]>> = {
  nameservers: ['addresses', 'search', 'bogus'],
  match: ['name', 'macaddress', 'driver', 'bogus'],
  'dhcp4-overrides': ['use-dns', 'route-metric', 'hostname', 'use-mtu', 'use-domains', 'send-hostname', 'bogus'],
  parameters: [
    ...[
      'mode',
      'stp',
      'priority',
      'forward-delay',
      'hello-time',
      'max-age',
      'ageing-time',
      'path-cost',
      'port-priority',
    ],
    ...['lacp-rate', 'mii-monitor-interval', 'min-links', 'transmit-hash-policy', 'primary', 'arp-ip-targets'],
    ...['arp-interval', 'up-delay', 'gratuitous-arp', 'resend-igmp', 'fail-over-mac-policy', 'bogus'],
  ],
};

const ROUTE = ['metric', 'table', 'on-link', 'scope', 'type', 'from', 'mtu', 'congestion-window', 'bogus'];
const USUAL: Readonly<Record<string, string>> = { to: 'default', via: '10.0.0.1' };

/** A file of netplan with values of all kinds at places of all kinds. */
export function randomNetplan(random: Random): string {
  const kind = random.pick(['bridges', 'bonds', 'vlans', 'none'] as const);
  const others =
    kind === 'none'
      ? []
      : [`  ${kind}:`, `    ${kind === 'bridges' ? 'br0' : 'x0'}:`, ...device(random, kind, BEGINNINGS[kind])];
  return [
    ...['network:', '  version: 2', '  ethernets:', '    e0: {}', '    e1:'],
    ...device(random, 'ethernets', ['dhcp6: false']),
    ...others,
    '',
  ].join('\n');
}

const BEGINNINGS = {
  bridges: ['interfaces: [e0]'],
  bonds: ['interfaces: [e0]'],
  vlans: ['id: 5', 'link: e0'],
} as const;

function device(random: Random, kind: keyof typeof KEYS, beginning: readonly string[]): string[] {
  const key = random.pick(KEYS[kind]);
  const others = beginning.slice(random.chance(0.9) ? 0 : 1).filter((line) => !line.startsWith(`${key}:`));
  return [...others, `${key}:${valueAt(random, key)}`].map((line) => `      ${line}`);
}

function valueAt(random: Random, key: string): string {
  const below = BELOW[key];
  if (below !== undefined && random.chance(0.8)) return `\n        ${random.pick(below)}: ${random.pick(VALUES)}`;
  if (key !== 'routes' || random.chance(0.1)) return ` ${random.pick(VALUES)}`;
  const keys = [...Object.keys(USUAL), random.pick(ROUTE)];
  const lines = keys.map((one) => {
    const usual = random.chance(0.7) ? USUAL[one] : undefined;
    return `${one}: ${usual ?? random.pick(VALUES)}`;
  });
  return `\n      - ${lines.join('\n        ')}`;
}
