import type { HostBridgeDocument } from '../../src/host-bridge/document.js';

/** An interfaces file, and what ifupdown makes of the bridge br0 in it. */
export interface InterfacesCase {
  readonly name: string;
  readonly content: string;
  /** The parts that matter here; the line where ifupdown refuses the file. */
  readonly wanted: Pick<HostBridgeDocument, 'ipv4' | 'ipv6' | 'routes'> | { readonly refusedAt: number };
  /** Names of the ports. Default: none. */
  readonly ports?: readonly string[];
  /** What is listed as left out: line and setting. */
  readonly left?: readonly (readonly [line: number, what: string])[];
  /** Stanzas that ifupdown is asked for; default: br0. */
  readonly asked?: readonly string[];
}

const br0 = (...lines: readonly string[]): string =>
  ['auto br0', 'iface br0 inet static', '  bridge_ports none', ...lines.map((line) => `  ${line}`), ''].join('\n');

export const INTERFACES_CASES: readonly InterfacesCase[] = [
  {
    name: 'an address of class A without a netmask',
    content: br0('address 10.0.0.2'),
    wanted: { ipv4: { addresses: ['10.0.0.2/8'] } },
  },
  {
    name: 'an address of class B',
    content: br0('address 172.16.0.2'),
    wanted: { ipv4: { addresses: ['172.16.0.2/16'] } },
  },
  {
    name: 'an address of class C',
    content: br0('address 192.168.1.2'),
    wanted: { ipv4: { addresses: ['192.168.1.2/24'] } },
  },
  {
    name: 'a netmask beside a prefix',
    content: br0('address 192.168.1.2/24', 'netmask 255.255.0.0'),
    wanted: { ipv4: { addresses: ['192.168.1.2/16'] } },
  },
  {
    name: 'a netmask as a number, and one in hexadecimal',
    content: `${br0('address 10.0.0.2', 'netmask 20')}\niface br0 inet static\n  address 10.1.0.2\n  netmask 0xffffff00\n`,
    wanted: { ipv4: { addresses: ['10.0.0.2/20', '10.1.0.2/24'] } },
  },
  {
    name: 'an IPv6 address without a prefix, which is alone',
    content: `${br0('address 10.0.0.2/24')}\niface br0 inet6 static\n  address 2001:db8::2\n`,
    wanted: { ipv4: { addresses: ['10.0.0.2/24'] }, ipv6: { addresses: ['2001:db8::2/128'] } },
  },
  {
    name: 'aliases',
    content: `${br0('address 10.0.0.2/24')}\niface br0:0 inet static\n  address 10.0.1.2/24\niface br0:lan inet static\n  address 192.168.7.1\n`,
    wanted: { ipv4: { addresses: ['10.0.0.2/24', '10.0.1.2/24', '192.168.7.1/24'] } },
    left: [
      [6, 'the label br0:0'],
      [8, 'the label br0:lan'],
    ],
    asked: ['br0', 'br0:0', 'br0:lan'],
  },
  {
    name: 'an option that is there twice: the first counts',
    content: br0('address 10.0.0.2/24', 'address 10.0.0.3/24'),
    wanted: { ipv4: { addresses: ['10.0.0.2/24'] } },
    left: [[5, 'br0 inet: address (again)=10.0.0.3/24']],
  },
  {
    name: 'gateways of several stanzas, with metrics and off the link',
    content: `${br0('address 203.0.113.5/32', 'gateway 203.0.112.1')}\niface br0 inet static\n  address 10.0.0.2/24\n  gateway 10.0.0.1\n  metric 50\n`,
    wanted: {
      ipv4: { addresses: ['203.0.113.5/32', '10.0.0.2/24'] },
      routes: [
        { to: '0.0.0.0/0', via: '203.0.112.1', onLink: true },
        { to: '0.0.0.0/0', via: '10.0.0.1', metric: 50 },
      ],
    },
  },
  {
    name: 'an address in a stanza whose method takes none',
    content: `${br0('address 10.0.0.2/24')}\niface br0 inet dhcp\n  address 10.9.0.2/24\n`,
    wanted: { ipv4: { auto: 'dhcp', addresses: ['10.0.0.2/24'] } },
    left: [[7, 'br0 inet: address=10.9.0.2/24']],
  },
  {
    name: 'a stanza that takes over the options of another',
    content: `iface base inet static\n  mtu 1400\n  address 10.0.0.2/24\niface br0 inet static inherits base\n  bridge_ports none\n`,
    wanted: { ipv4: { addresses: ['10.0.0.2/24'] } },
  },
  {
    name: 'a method without a word in the model',
    content: `${br0('address 10.0.0.2/24')}\niface br0 inet6 v4tunnel\n  address 2001:db8::2\n  netmask 64\n  endpoint 192.0.2.1\n`,
    wanted: { ipv4: { addresses: ['10.0.0.2/24'] } },
    left: [
      [6, 'br0 inet6 v4tunnel'],
      [7, 'br0 inet6: address=2001:db8::2'],
      [8, 'br0 inet6: netmask=64'],
      [9, 'br0 inet6: endpoint=192.0.2.1'],
    ],
  },
  {
    name: 'a port by name and ports by pattern',
    content:
      'auto br0\niface br0 inet manual\n  bridge_ports eth0 regex en.* noregex eth7\niface eno1 inet manual\niface wlan0 inet manual\n',
    wanted: {},
    ports: ['eth0', 'eth7', 'eno1'],
    left: [[3, 'bridge-ports en.* (which devices these are is not known)']],
  },
  {
    name: 'all cards as ports',
    content: 'auto br0\niface br0 inet manual\n  bridge_ports all\niface eth0 inet manual\niface wlan0 inet manual\n',
    wanted: {},
    ports: ['eth0'],
    left: [[3, 'bridge-ports eth.* em.* en.* p[0-9].* (which devices these are is not known)']],
  },
  {
    name: 'a semicolon begins no comment',
    content: br0('address 10.0.0.2/24', '; not this'),
    wanted: { ipv4: { addresses: ['10.0.0.2/24'] } },
    left: [[5, 'br0 inet: ;=not this']],
  },
  {
    name: 'a stanza that inherits all of another',
    content: `iface base inet static\n  address 10.0.0.2/24\n\nauto br0\niface br0 inherits base\n  bridge_ports none\n`,
    wanted: { ipv4: { addresses: ['10.0.0.2/24'] } },
  },
  { name: 'an option without a value', content: br0('address 10.0.0.2/24', ';c'), wanted: { refusedAt: 5 } },
];
