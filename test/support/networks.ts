import type { Dns } from '../../src/schema/network/dns.js';
import type { ForwardMode } from '../../src/schema/network/forward.js';
import type { DhcpHost, DhcpRange, Ip, Route } from '../../src/schema/network/ip.js';
import type { NetworkDocument } from '../../src/schema/network/network.js';
import type { Bandwidth, PortGroup, Vlan } from '../../src/schema/network/ports.js';
import type { Random } from './random.js';

export const MODES: readonly ForwardMode[] = [
  'none',
  'nat',
  'route',
  'open',
  'bridge',
  'private',
  'vepa',
  'passthrough',
  'hostdev',
];
const LAYER3 = new Set(['none', 'nat', 'route', 'open']);

const word = (random: Random): string =>
  random.list(2, 8, () => random.pick([...'abcdefghijklmnopqrstuvwxyz'])).join('');
const hex2 = (random: Random): string => random.int(0, 255).toString(16).padStart(2, '0');
export const macOf = (random: Random): string => ['52', '54', '00', hex2(random), hex2(random), hex2(random)].join(':');
export const uuidOf = (random: Random): string =>
  [4, 2, 2, 2, 6].map((bytes) => Array.from({ length: bytes }, () => hex2(random)).join('')).join('-');

/** A document that libvirt accepts up to and including its driver's checks, of a mode given or any. */
export function networkOf(random: Random, mode: ForwardMode = random.pick(MODES)): NetworkDocument {
  const layer3 = LAYER3.has(mode);
  return {
    name: `${word(random)}-${random.int(1, 99999)}`,
    ...random.maybe(0.5, () => ({ uuid: uuidOf(random) })),
    ...random.maybe(0.2, () => ({ title: `The ${word(random)} network` })),
    ...random.maybe(0.2, () => ({ description: `${word(random)} & <${word(random)}>` })),
    ...random.maybe(0.1, () => ({ ipv6: true })),
    ...random.maybe(0.1, () => ({ trustGuestRxFilters: random.chance(0.5) })),
    ...random.maybe(0.15, () => ({ metadata: [metadata(random)] })),
    ...(mode === 'none' ? {} : { forward: forwardOf(random, mode) }),
    ...(layer3 ? layer3Parts(random, mode) : guestParts(random, mode)),
    ...random.maybe(0.1, () => ({ port: { isolated: random.chance(0.5) } })),
  };
}

const metadata = (random: Random) => ({
  type: 'element' as const,
  name: `app:${word(random)}`,
  attributes: { 'xmlns:app': `urn:example:${word(random)}` },
  children: [{ type: 'text' as const, text: word(random) }],
});

function forwardOf(random: Random, mode: ForwardMode): NonNullable<NetworkDocument['forward']> {
  if (mode === 'nat') {
    return {
      mode,
      ...random.maybe(0.3, () => ({ dev: `eth${random.int(0, 3)}` })),
      ...random.maybe(0.4, () => ({ nat: natOf(random) })),
    };
  }
  if (mode === 'route') return { mode, ...random.maybe(0.4, () => ({ dev: `eth${random.int(0, 3)}` })) };
  if (mode === 'open' || mode === 'bridge') return { mode };
  if (mode === 'hostdev') {
    return {
      mode,
      managed: random.chance(0.5),
      ...random.maybe(0.3, () => ({ driver: { name: 'vfio' as const } })),
      pf: { dev: 'eth9' },
    };
  }
  return { mode, interfaces: random.list(1, 3, (i) => ({ dev: `ens${i}` })) };
}

function natOf(random: Random) {
  const start = random.int(1024, 40_000);
  return {
    ...random.maybe(0.3, () => ({ ipv6: random.chance(0.5) })),
    ...random.maybe(0.5, () => ({ address: { start: '203.0.113.1', end: `203.0.113.${random.int(1, 200)}` } })),
    ...random.maybe(0.5, () => ({ port: { start, end: start + random.int(1, 20_000) } })),
  };
}

function layer3Parts(random: Random, mode: ForwardMode): Partial<NetworkDocument> {
  const ips = random.list(mode === 'none' ? 0 : 1, 3, (i) => ipOf(random, i));
  const routes = ips.length > 0 ? random.list(0, 2, () => routeOf(random, random.pick(ips))) : [];
  return {
    bridge: bridgeOf(random),
    ...random.maybe(0.2, () => ({ mtu: { size: random.int(1280, 9000) } })),
    ...random.maybe(0.4, () => ({ mac: { address: macOf(random) } })),
    ...random.maybe(0.4, () => ({
      domain: { name: `${word(random)}.test`, ...random.maybe(0.5, () => ({ localOnly: random.chance(0.5) })) },
    })),
    ...random.maybe(0.4, () => ({ dns: dnsOf(random) })),
    ...random.maybe(0.2, () => ({ bandwidth: bandwidthOf(random) })),
    ...(ips.length > 0 ? { ips: onlyOneDhcp(ips) } : {}),
    ...(routes.length > 0 ? { routes } : {}),
    ...random.maybe(0.15, () => ({ portgroups: random.list(1, 2, (i) => groupOf(random, i, true)) })),
    ...random.maybe(0.2, () => ({
      dnsmasq: { options: random.list(1, 2, () => ({ value: `dhcp-option=${random.int(1, 90)},x` })) },
    })),
  };
}

const bridgeOf = (random: Random) => ({
  ...random.maybe(0.7, () => ({ name: `virbr${random.int(1, 999)}` })),
  ...random.maybe(0.3, () => ({ stp: random.chance(0.5) })),
  ...random.maybe(0.3, () => ({ delay: random.int(0, 30) })),
  ...random.maybe(0.1, () => ({ macTableManager: random.pick(['kernel', 'libvirt'] as const) })),
});

function guestParts(random: Random, mode: ForwardMode): Partial<NetworkDocument> {
  const named = mode === 'bridge';
  const openvswitch = mode === 'bridge' && random.chance(0.4);
  const vlans = openvswitch || mode === 'hostdev' || mode === 'passthrough';
  return {
    ...(named ? { bridge: { name: `br${random.int(0, 99)}` } } : {}),
    ...(openvswitch ? { virtualport: { type: 'openvswitch' as const } } : {}),
    ...random.maybe(vlans ? 0.4 : 0, () => ({ vlan: vlanOf(random) })),
    ...random.maybe(named ? 0.3 : 0, () => ({ bandwidth: bandwidthOf(random) })),
    ...random.maybe(0.3, () => ({ portgroups: random.list(1, 3, (i) => groupOf(random, i, named)) })),
  };
}

const groupOf = (random: Random, i: number, bandwidth: boolean): PortGroup => ({
  name: `group${i}`,
  ...(i === 0 ? { default: true } : {}),
  ...random.maybe(0.2, () => ({ trustGuestRxFilters: true })),
  ...random.maybe(bandwidth ? 0.5 : 0, () => ({ bandwidth: bandwidthOf(random) })),
});

function vlanOf(random: Random): Vlan {
  const tags = random.list(1, 3, (i) => ({ id: i * 1000 + random.int(0, 900) }));
  const [first, ...rest] = tags;
  if (first === undefined || random.chance(0.7)) return { tags };
  return { trunk: true, tags: [{ ...first, nativeMode: random.pick(['tagged', 'untagged'] as const) }, ...rest] };
}

const bandwidthOf = (random: Random): Bandwidth => ({
  inbound: {
    average: random.int(1, 100_000),
    ...random.maybe(0.5, () => ({ peak: random.int(1, 200_000), burst: random.int(1, 5000) })),
  },
  ...random.maybe(0.5, () => ({ outbound: { average: random.int(1, 100_000) } })),
});

function ipOf(random: Random, i: number): Ip {
  return random.chance(0.3) ? ip6Of(random, i) : ip4Of(random, i);
}

function ip4Of(random: Random, i: number): Ip {
  const base = `10.${random.int(0, 255)}.${i}`;
  const mask = random.pick([{ netmask: '255.255.255.0' }, { prefix: 24 }]);
  const ranges = random.list(
    0,
    2,
    (n): DhcpRange => ({ start: `${base}.${100 + n * 50}`, end: `${base}.${120 + n * 50}`, ...leaseOf(random) }),
  );
  const hosts = random.list(
    0,
    3,
    (n): DhcpHost => ({
      mac: macOf(random),
      ip: `${base}.${10 + n}`,
      ...random.maybe(0.6, () => ({ name: `${word(random)}${n}` })),
      ...leaseOf(random),
    }),
  );
  return {
    ...random.maybe(0.3, () => ({ family: 'ipv4' as const })),
    address: `${base}.1`,
    ...mask,
    ...random.maybe(0.2, () => ({ localPtr: random.chance(0.5) })),
    ...random.maybe(0.1, () => ({ tftp: { root: '/srv/tftp' } })),
    ...random.maybe(0.7, () => ({
      dhcp: {
        ranges,
        hosts,
        ...random.maybe(0.2, () => ({
          bootp: { file: 'pxelinux.0', ...random.maybe(0.5, () => ({ server: `${base}.1` })) },
        })),
      },
    })),
  };
}

function ip6Of(random: Random, i: number): Ip {
  const base = `fd00:${random.int(1, 0xffff).toString(16)}:${i}:`;
  const ranges = random.list(0, 1, (): DhcpRange => ({ start: `${base}:100`, end: `${base}:1ff` }));
  const hosts = random.list(
    0,
    2,
    (n): DhcpHost => ({
      name: `${word(random)}${n}`,
      ip: `${base}:${10 + n}`,
      ...random.maybe(0.5, () => ({ id: `00:03:00:01:${macOf(random)}` })),
    }),
  );
  return {
    family: 'ipv6',
    address: `${base}:1`,
    prefix: 64,
    ...random.maybe(0.5, () => ({ dhcp: { ranges, hosts } })),
  };
}

const leaseOf = (random: Random) =>
  random.maybe(0.2, () => ({
    lease: {
      expiry: random.pick([0, 2, 120, 3600]),
      ...random.maybe(0.5, () => ({ unit: random.pick(['minutes', 'hours'] as const) })),
    },
  }));

function onlyOneDhcp(ips: readonly Ip[]): Ip[] {
  const seen = new Set<string>();
  return ips.map((ip) => {
    const family = ip.family ?? 'ipv4';
    if (ip.dhcp === undefined || !seen.has(family)) {
      if (ip.dhcp !== undefined) seen.add(family);
      return ip;
    }
    const { dhcp: _, ...rest } = ip;
    return rest;
  });
}

function routeOf(random: Random, ip: Ip): Route {
  const gateway = ip.address.replace(/1$/, '9');
  const metric = random.maybe(0.4, () => ({ metric: random.int(1, 5000) }));
  if (ip.family === 'ipv6')
    return { family: 'ipv6', address: `fd77:${random.int(1, 999)}::`, prefix: 48, gateway, ...metric };
  return {
    address: `172.${random.int(16, 31)}.0.0`,
    ...random.pick([{ prefix: 16 }, { netmask: '255.255.0.0' }]),
    gateway,
    ...metric,
  };
}

const dnsOf = (random: Random): Dns => ({
  ...random.maybe(0.3, () => ({ forwardPlainNames: random.chance(0.5) })),
  forwarders: random.list(0, 2, () => ({ addr: '8.8.8.8', ...random.maybe(0.5, () => ({ domain: 'example.org' })) })),
  txts: random.list(0, 2, () => ({ name: word(random), value: `v=${word(random)} "x"` })),
  srvs: random.list(0, 2, () => ({
    service: 'ldap',
    protocol: 'tcp',
    domain: 'lab.test',
    ...random.maybe(0.7, () => ({
      target: 'a.lab.test',
      port: random.int(1, 65535),
      priority: random.int(0, 9),
      weight: random.int(0, 9),
    })),
  })),
  hosts: random.list(0, 2, () => ({
    ip: `192.0.2.${random.int(1, 250)}`,
    hostnames: random.list(1, 3, () => word(random)),
  })),
});
