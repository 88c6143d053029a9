import { writeNetwork } from '../../src/schema/network/codec.js';
import type { Dns } from '../../src/schema/network/dns.js';
import type { Forward, ForwardMode } from '../../src/schema/network/forward.js';
import type { Ip } from '../../src/schema/network/ip.js';
import type { NetworkDocument } from '../../src/schema/network/network.js';
import type { Random } from './random.js';

/** Names of the networks that a mock and a real daemon are both told about. */
export const NAMES = ['twin-a', 'twin-b'] as const;
/** The uuid that belongs to each name, unless a definition says otherwise. */
export const UUIDS = ['6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11', '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a12'] as const;

const OWN: readonly ForwardMode[] = ['none', 'nat', 'route', 'open'];
const POOLS: readonly ForwardMode[] = ['private', 'vepa', 'passthrough'];
const LAYER3: ReadonlySet<ForwardMode> = new Set(OWN);

/**
 * A definition of a network of any kind that needs no device of the host: mostly the name's own uuid, bridge and subnets,
 * sometimes another's, sometimes one that libvirt refuses.
 *
 * @param i - whose name it has
 */
export function definition(random: Random, i: number): string {
  const kind = random.next();
  const document = documentOf(random, i, kind < 0.25 ? 'bridge' : random.pick(kind < 0.85 ? OWN : POOLS));
  return writeNetwork(random.chance(0.08) ? broken(random, document) : document);
}

function documentOf(random: Random, i: number, mode: ForwardMode): NetworkDocument {
  const own = random.chance(0.92) ? i : 1 - i;
  return {
    name: NAMES[i] ?? '',
    ...random.maybe(0.93, () => ({ uuid: UUIDS[own] ?? '' })),
    ...random.maybe(0.1, () => ({ title: 'A title' })),
    ...random.maybe(0.1, () => ({ description: 'What it is & for' })),
    ...random.maybe(0.1, () => ({ ipv6: true })),
    ...random.maybe(0.1, () => ({ trustGuestRxFilters: random.chance(0.5) })),
    ...random.maybe(0.1, () => ({ metadata: [note] })),
    ...(mode === 'none' ? {} : { forward: forwardOf(random, mode) }),
    ...(LAYER3.has(mode) ? ownParts(random, i, mode) : hostParts(random, mode)),
    ...random.maybe(0.25, () => ({ portgroups: random.list(1, 2, (n) => groupOf(random, n)) })),
  };
}

const note = {
  type: 'element' as const,
  name: 'app:note',
  attributes: { 'xmlns:app': 'urn:twin:a' },
  children: [{ type: 'text' as const, text: 'kept' }],
};

const groupOf = (random: Random, n: number) => ({
  name: ['p', 'q'][n] ?? 'r',
  ...random.maybe(0.4, () => ({ default: n === 0 })),
  ...random.maybe(0.2, () => ({ trustGuestRxFilters: true })),
});

function forwardOf(random: Random, mode: ForwardMode): Forward {
  if (mode === 'open' || mode === 'bridge') return { mode };
  if (mode === 'nat' || mode === 'route')
    return {
      ...(mode === 'nat' && random.chance(0.1) ? {} : { mode }),
      ...random.maybe(0.25, () => ({ dev: 'eth7' })),
      ...(mode === 'nat' ? random.maybe(0.4, () => ({ nat: natOf(random) })) : {}),
    };
  return { mode, interfaces: random.list(1, 3, (n) => ({ dev: `eth${6 + n}` })) };
}

const natOf = (random: Random) => ({
  ...random.maybe(0.4, () => ({ ipv6: random.chance(0.7) })),
  ...random.maybe(0.4, () => ({ address: { start: '203.0.113.1', end: '203.0.113.9' } })),
  ...random.maybe(0.4, () => ({ port: { start: 2000, end: 3000 } })),
});

function ownParts(random: Random, i: number, mode: ForwardMode): Partial<NetworkDocument> {
  const ips = ipsOf(random, random.chance(0.85) ? i : 1 - i, mode);
  return {
    ...random.maybe(0.85, () => ({
      bridge: {
        name: random.chance(0.85) ? `twinbr${i}` : random.pick(['twinbr0', 'twin%d', 'virbr%d']),
        ...random.maybe(0.3, () => ({ stp: random.chance(0.5) })),
        ...random.maybe(0.2, () => ({ delay: random.int(0, 3) })),
        // Not every kernel can give libvirt the table.
        ...random.maybe(0.1, () => ({ macTableManager: 'kernel' as const })),
      },
    })),
    ...random.maybe(0.8, () => ({ mac: { address: `52:54:00:00:00:0${i + 1}` } })),
    ...random.maybe(0.15, () => ({ mtu: { size: random.pick([1400, 9000]) } })),
    ...random.maybe(0.3, () => ({ domain: { name: 'twin.test', ...random.maybe(0.5, () => ({ localOnly: true })) } })),
    ...random.maybe(0.4, () => ({ dns: dnsOf(random) })),
    ...(ips.length === 0 ? {} : { ips }),
    ...(ips.length > 0 && random.chance(0.15)
      ? { routes: [{ address: '10.252.0.0', prefix: 16, gateway: `${ips[0]?.address.replace(/1$/, '2')}` }] }
      : {}),
  };
}

/** The name's own subnets: two of IPv4 and one of IPv6. */
function ipsOf(random: Random, i: number, mode: ForwardMode): Ip[] {
  const first: Ip = {
    address: `10.250.${i}.1`,
    ...random.pick([{ netmask: '255.255.255.0' }, { prefix: 24 }]),
    ...random.maybe(0.1, () => ({ localPtr: random.chance(0.5) })),
    ...random.maybe(0.5, () => ({ dhcp: dhcpOf(random, `10.250.${i}`) })),
  };
  const second: Ip = { address: `10.251.${i}.1`, prefix: 24 };
  const third: Ip = {
    family: 'ipv6',
    address: `fd00:250:${i}::1`,
    prefix: 64,
    ...random.maybe(0.3, () => ({ dhcp: { hosts: [{ name: 'six', ip: `fd00:250:${i}::9` }] } })),
  };
  const all = [
    ...(mode === 'none' && random.chance(0.2) ? [] : [first]),
    ...(random.chance(0.15) ? [second] : []),
    ...(random.chance(0.15) ? [third] : []),
  ];
  return random.chance(0.2) ? all.reverse() : all;
}

const dhcpOf = (random: Random, base: string) => ({
  ranges: random.list(0, 2, (n) => ({
    start: `${base}.${100 + 30 * n}`,
    end: `${base}.${120 + 20 * n}`,
    ...random.maybe(0.1, () => ({ lease: { expiry: 3, unit: 'hours' as const } })),
  })),
  hosts: random.list(0, 2, (n) => ({
    ...(n === 0 ? { mac: '52:54:00:00:00:09' } : {}),
    name: ['alpha', 'beta'][n] ?? 'gamma',
    ip: `${base}.${9 + n}`,
  })),
});

const dnsOf = (random: Random): Dns => ({
  ...random.maybe(0.1, () => ({ enable: random.chance(0.5) })),
  ...random.maybe(0.2, () => ({ forwardPlainNames: random.chance(0.5) })),
  forwarders: random.list(0, 1, () => ({ addr: '192.0.2.53' })),
  txts: random.list(0, 2, (n) => ({ name: ['a', 'b'][n] ?? 'c', value: '1' })),
  srvs: random.list(0, 2, (n) => ({
    service: ['ldap', 'sip'][n] ?? 'x',
    protocol: 'tcp',
    ...random.maybe(0.5, () => ({ domain: 'twin.test', target: 'a.twin.test', port: 389 })),
  })),
  hosts: random.list(0, 2, (n) => ({ ip: `192.0.2.${n + 1}`, hostnames: [['one', 'two'][n] ?? 'three'] })),
});

/** Networks on what is on the host already. */
function hostParts(random: Random, mode: ForwardMode): Partial<NetworkDocument> {
  const isOvs = mode === 'bridge' && random.chance(0.2);
  return {
    ...(mode === 'bridge' ? { bridge: { name: `br${random.int(0, 1)}` } } : {}),
    ...(isOvs ? { virtualport: { type: 'openvswitch' }, vlan: { tags: [{ id: random.pick([7, 8]) }] } } : {}),
  };
}

/** The same with something that libvirt refuses. */
function broken(random: Random, document: NetworkDocument): NetworkDocument {
  const { ips: _, ...without } = document;
  return random.pick<() => NetworkDocument>([
    () => without,
    () => ({ ...document, ips: [{ address: '10.250.0.1', prefix: 24 }] }),
    () => ({ ...document, portgroups: [{ name: 'p' }, { name: 'p' }] }),
    () => ({
      ...document,
      portgroups: [
        { name: 'p', default: true },
        { name: 'q', default: true },
      ],
    }),
    () => ({ ...document, name: 'with/slash' }),
    () => ({ ...document, dns: { txts: [{ name: 'a', value: '1' }] } }),
    () => ({ ...document, forward: { mode: 'nat', nat: { port: { start: 9, end: 9 } } } }),
    () => ({ ...document, mac: { address: '01:00:5e:00:00:01' } }),
    () => ({
      ...document,
      ips: [{ address: '10.250.0.1', prefix: 24, dhcp: { ranges: [{ start: '10.9.0.1', end: '10.9.0.2' }] } }],
    }),
  ])();
}
