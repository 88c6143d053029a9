/** The cards of the host that the files are for. */
export const NETWORKD_CARDS = ['eno1', 'eno2', 'enp3s0'];

/** Files of systemd-networkd, and what the daemon makes of them on a host with {@link NETWORKD_CARDS}. */
export interface NetworkdCase {
  readonly name: string;
  /** By their names below `/etc/systemd/network`, or whole paths. */
  readonly files: Readonly<Record<string, string>>;
  /** The ports of br0. */
  readonly ports: readonly string[];
  /** Those that are found without knowing the cards. Default: the same. */
  readonly known?: readonly string[];
  /** The IPv4 addresses of br0. */
  readonly addresses?: readonly string[];
  /** The networks of its IPv4 routes. */
  readonly routes?: readonly string[];
  /** What is listed as left out when the cards are not known: file, line and setting. */
  readonly left?: readonly (readonly [file: string, line: number, what: string])[];
}

const BRIDGE = { '10-br0.netdev': '[NetDev]\nName=br0\nKind=bridge\n' };
const port = (match: string): string => `${match}\n[Network]\nBridge=br0\n`;
const own = (settings: string): string =>
  `[Match]\nName=br0\n[Network]\nIPv6AcceptRA=no\nConfigureWithoutCarrier=yes\n${settings}`;

/** The first two are not numbers for it. */
const ODD_PREFIXES = ['08', '8x', '010', '+8', '0x8', ' 8', '8 ', '016'];

export const NETWORKD_CASES: readonly NetworkdCase[] = [
  {
    name: 'a pattern with a star',
    files: { ...BRIDGE, '20-port.network': port('[Match]\nName=en*') },
    ports: ['eno1', 'eno2', 'enp3s0'],
    known: [],
    left: [['20-port.network', 2, '[Match] Name=en* (which devices it is for is not known)']],
  },
  {
    name: 'patterns with a range and a question mark, beside a name',
    files: { ...BRIDGE, '20-port.network': port('[Match]\nName=eno[2-9] enp?s0 eno1') },
    ports: ['eno1', 'eno2', 'enp3s0'],
    known: ['eno1'],
    left: [['20-port.network', 2, '[Match] Name=eno[2-9] enp?s0 eno1 (which devices it is for is not known)']],
  },
  {
    name: 'an inverse match',
    files: { ...BRIDGE, '10-lo.network': '[Match]\nName=lo p*\n', '20-port.network': port('[Match]\nName=!eno1 br0') },
    ports: ['eno2', 'enp3s0'],
    known: [],
    left: [['20-port.network', 2, '[Match] Name=!eno1 br0 (which devices it is for is not known)']],
  },
  {
    name: 'names in several lines and sections',
    files: { ...BRIDGE, '20-port.network': port('[Match]\nName=eno1\nName=eno2\n[Match]\nName=enp3s0') },
    ports: ['eno1', 'eno2', 'enp3s0'],
  },
  {
    name: 'the first file that matches, by name or by pattern',
    files: {
      ...BRIDGE,
      '20-a.network': '[Match]\nName=eno*\n[Network]\nLinkLocalAddressing=no\n',
      '30-b.network': port('[Match]\nName=eno1 enp3s0'),
    },
    ports: ['enp3s0'],
  },
  {
    name: 'a file without a match, which is for nothing',
    files: { ...BRIDGE, '20-port.network': '[Network]\nBridge=br0\n', '30-port.network': port('[Match]\nName=eno1') },
    ports: ['eno1'],
  },
  {
    name: 'a bridge that a pattern matches',
    files: {
      ...BRIDGE,
      '20-all.network': own('Address=10.7.0.2/24\n').replace('Name=br0', 'Name=br*'),
      '30-port.network': port('[Match]\nName=eno1'),
    },
    ports: ['eno1'],
    addresses: ['10.7.0.2/24'],
  },
  {
    name: 'a match by kind',
    files: {
      ...BRIDGE,
      '20-all.network': own('Address=10.7.0.2/24\n').replace('Name=br0', 'Kind=bridge'),
      '30-port.network': port('[Match]\nName=eno1'),
    },
    ports: ['eno1'],
    addresses: ['10.7.0.2/24'],
  },
  {
    name: 'files that add to another one, and one that hides another one',
    files: {
      ...BRIDGE,
      '20-br0.network': own('Address=10.7.0.2/24\n'),
      '20-br0.network.d/b.conf': '[Network]\nAddress=10.7.2.2/24\n',
      '20-br0.network.d/a.conf': '[Network]\nAddress=10.7.1.2/24\nLLDP=yes\n',
      '30-port.network': port('[Match]\nName=eno1'),
      '/run/systemd/network/30-port.network': port('[Match]\nName=eno2'),
    },
    ports: ['eno1'],
    addresses: ['10.7.0.2/24', '10.7.1.2/24', '10.7.2.2/24'],
    left: [['20-br0.network.d/a.conf', 3, '[Network] LLDP=yes']],
  },
  {
    name: 'addresses without a prefix, with one that is none, and an empty one',
    files: {
      ...BRIDGE,
      '20-br0.network': own(
        'Address=10.7.0.2\nAddress=172.16.0.2\nAddress=192.168.5.1\nAddress=\nAddress=10.8.0.2/24 # c\n',
      ),
      '30-port.network': port('[Match]\nName=eno1'),
    },
    ports: ['eno1'],
    addresses: ['10.7.0.2/8', '172.16.0.2/16', '192.168.5.1/24'],
    left: [
      ['20-br0.network', 9, '[Network] Address='],
      ['20-br0.network', 10, '[Network] Address=10.8.0.2/24 # c'],
    ],
  },
  {
    name: 'comments inside of a line that goes on',
    files: {
      ...BRIDGE,
      '20-br0.network': own('Address=10.7.0.2/24\n'),
      '30-port.network': port('[Match]\nName=eno1 \\\n  # not this one\n; nor this\n  eno2'),
    },
    ports: ['eno1', 'eno2'],
    addresses: ['10.7.0.2/24'],
  },
  {
    name: 'addresses and routes with odd prefixes',
    files: {
      ...BRIDGE,
      '20-br0.network': own(
        [
          ...ODD_PREFIXES.map((prefix, i) => `Address=${10 + i}.0.0.2/${prefix}\n`),
          'Address=99.0.0.2/8\n',
          ...ODD_PREFIXES.map((prefix, i) => `[Route]\nDestination=${20 + i}.0.0.0/${prefix}\nGateway=99.0.0.1\n`),
        ].join(''),
      ),
    },
    ports: [],
    addresses: ['12.0.0.2/8', '13.0.0.2/8', '14.0.0.2/8', '15.0.0.2/8', '16.0.0.2/8', '17.0.0.2/14', '99.0.0.2/8'],
    routes: ['22.0.0.0/8', '23.0.0.0/8', '24.0.0.0/8', '25.0.0.0/8', '26.0.0.0/8', '27.0.0.0/14'],
    left: [
      ['20-br0.network', 6, '[Network] Address=10.0.0.2/08'],
      ['20-br0.network', 7, '[Network] Address=11.0.0.2/8x'],
      ['20-br0.network', 16, '[Route] Destination=20.0.0.0/08'],
      ['20-br0.network', 17, '[Route] Gateway=99.0.0.1'],
      ['20-br0.network', 19, '[Route] Destination=21.0.0.0/8x'],
      ['20-br0.network', 20, '[Route] Gateway=99.0.0.1'],
    ],
  },
];

/** The whole path of a file of a case. */
export const networkdPath = (name: string): string => (name.startsWith('/') ? name : `/etc/systemd/network/${name}`);
