import type { Ip } from '../../src/schema/network/ip.js';
import type { NetworkDocument } from '../../src/schema/network/network.js';
import { networkOf } from '../support/networks.js';
import type { Random } from '../support/random.js';

type Change = (random: Random, document: NetworkDocument) => NetworkDocument;

const text = (random: Random, sizes: readonly number[]): string => 'a'.repeat(random.pick(sizes));

/** Names of devices that both packet filters read as they are. */
const DEVICES = ['virbr%d', 'all', 'default', '.', '..', 'a b', 'a/b', 'a:b', 'b%s', 'br0.5', 'a_b-c'] as const;
const NAMES = [
  'a b',
  'a_b',
  'a..b',
  '.a',
  'a.',
  '-a',
  'a/b',
  '\u00e4',
  '*',
  '#a',
  'A',
  '10.1.1.1',
  'a;b',
  'x"y',
  '"x y"',
];

const name = (random: Random): string =>
  random.chance(0.5)
    ? random.pick(NAMES)
    : `${text(random, [1, 62, 63, 64])}${random.pick(['', '.b', `.${text(random, [63, 64])}`])}`;

const withIp = (document: NetworkDocument, ip: Ip): NetworkDocument => ({
  ...document,
  ips: [...(document.ips ?? []), ip],
});

const DHCP6 = { hosts: [{ name: 'h', ip: 'fd99::9' }] } as const;

/** Values around the limits that a start has. */
const CHANGES: readonly Change[] = [
  (random, document) => ({ ...document, mtu: { size: random.pick([1, 67, 68, 1279, 1280, 65_535, 65_536, 100_000]) } }),
  (random, document) => ({
    ...document,
    bridge: { ...document.bridge, name: random.chance(0.5) ? random.pick(DEVICES) : text(random, [14, 15, 16, 30]) },
  }),
  (random, document) => ({ ...document, bridge: { ...document.bridge, name: `${text(random, [12, 14, 15])}%d` } }),
  (random, document) => ({ ...document, mac: { address: random.pick(['00:00:00:00:00:00', '02:00:00:00:00:00']) } }),
  (random, document) =>
    document.forward?.mode === 'nat' || document.forward?.mode === 'route'
      ? { ...document, forward: { ...document.forward, dev: text(random, [1, 15, 16, 40]) } }
      : document,
  (random, document) =>
    withIp(document, {
      family: 'ipv6',
      address: random.pick(['::', '::1', '::2', 'ff02::1', 'fe80::9', 'fd99::1', '::ffff:10.9.9.9']),
      prefix: random.pick([10, 48, 64, 127, 128]),
    }),
  (random, document) =>
    withIp(document, { address: random.pick(['0.0.0.0', '127.0.0.9', '224.0.0.1', '240.0.0.1']), prefix: 24 }),
  (random, document) =>
    withIp(document, { ...random.pick([...(document.ips ?? []), { address: '10.9.9.9' }]), dhcp: {} }),
  (random, document) => {
    const isServed = document.ips?.some(({ family, dhcp }) => family === 'ipv6' && dhcp !== undefined) ?? false;
    const prefix = random.pick([48, 63, 64, 65, 96]);
    return withIp(document, { family: 'ipv6', address: 'fd99::1', prefix, ...(isServed ? {} : { dhcp: DHCP6 }) });
  },
  (random, document) =>
    withIp(document, { address: '10.98.0.1', prefix: random.pick([7, 8, 12, 24, 25]), localPtr: true }),
  (random, document) => ({ ...document, domain: { name: name(random), localOnly: random.chance(0.5) } }),
  (random, document) => ({ ...document, dns: { forwarders: [{ domain: name(random), addr: '192.0.2.1' }] } }),
  (random, document) => ({
    ...document,
    dns: {
      txts: [{ name: name(random).replace(/[ ,]/g, ''), value: random.pick(['', 'x', '"', '"x"', 'v'.repeat(900)]) }],
    },
  }),
  (random, document) => ({
    ...document,
    dns: { txts: [{ name: 't', value: text(random, [1010, 1011, 1012, 1500]) }] },
  }),
  (random, document) => ({
    ...document,
    dns: {
      srvs: [{ service: text(random, [1, 62, 63]), protocol: 'tcp', domain: name(random), target: name(random) }],
    },
  }),
  (random, document) => ({ ...document, dns: { hosts: [{ ip: '192.0.2.9', hostnames: [name(random)] }] } }),
  (random, document) => {
    const start = random.pick([0, 1, 1024, 65_535]);
    const port = { start, end: Math.max(start, random.pick([0, 1, 1024, 65_535])) };
    return document.forward?.mode === 'nat'
      ? { ...document, forward: { ...document.forward, nat: { port } } }
      : document;
  },
];

const LAYER3 = ['none', 'nat', 'route', 'open'] as const;

/**
 * A network of libvirt's own bridge with values around the limits that a start has. It needs nothing that a host may lack:
 * firewalld, systemd-resolved, modules for traffic shaping and VLAN filtering, folders, options of dnsmasq.
 */
export function startCase(random: Random): NetworkDocument {
  const { bandwidth: _, dnsmasq: __, bridge, ...whole } = networkOf(random, random.pick(LAYER3));
  const { macTableManager: ___, ...plain } = bridge ?? {};
  const ips = whole.ips?.map(({ tftp: ____, ...ip }) => ip);
  const document: NetworkDocument = { ...whole, bridge: plain, ...(ips === undefined ? {} : { ips }) };
  return random.list(0, 2, () => random.pick(CHANGES)).reduce((changed, change) => change(random, changed), document);
}
