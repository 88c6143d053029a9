import { BridgeUnsupportedError } from '../../src/errors/index.js';
import type {
  BondMode,
  BondPort,
  BridgePort,
  BridgeRoute,
  HostBridgeDocument,
  NicPort,
  VlanMember,
} from '../../src/host-bridge/document.js';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import type { RenderOptions } from '../../src/host-bridge/render/render-options.js';
import type { BackendName } from '../../src/host-bridge/render/rendering.js';
import type { Random } from './random.js';

/** What the bridges of one run have in common. */
export interface BridgeTraits {
  /** Cards that may be ports. Default: made-up names. */
  readonly cards?: readonly string[];
  /** Leaves out bonds, VLANs and VLAN filtering, which the kernel here may lack. */
  readonly isPlain?: boolean;
  readonly name?: string;
}

const MODES: readonly BondMode[] = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
];

/** A valid bridge with any of the things that a bridge can have. */
export function randomBridge(random: Random, traits: BridgeTraits = {}): HostBridge {
  const mtu = random.maybe(0.4, () => ({ mtu: random.pick([1280, 1400, 1500, 9000]) }));
  const cards = traits.cards ?? Array.from({ length: 6 }, (_, i) => random.pick([`eno${i}`, `enp3s0f${i}`, `eth${i}`]));
  const vlanFiltering = traits.isPlain ? {} : random.maybe(0.3, () => ({ vlanFiltering: filtering(random) }));
  const ports = portsOf(random, [...cards], traits.isPlain === true, 'vlanFiltering' in vlanFiltering);
  const mac = macOf(random, ports);
  const document: HostBridgeDocument = {
    name: traits.name ?? random.pick(['br0', 'lan', 'br20', 'br-lan', 'vmbr1', 'br_x', 'b0.5']),
    ports,
    ...(mac === undefined ? {} : { mac }),
    ...mtu,
    stp: spanningTree(random),
    ...random.maybe(0.3, () => ({ ageingTime: random.pick([0, 30, 301, 12.5, 1000]) })),
    ...random.maybe(0.2, () => ({ multicastSnooping: random.chance(0.5) })),
    ...vlanFiltering,
    ...addressing(random),
    ...random.maybe(0.15, () => ({ autostart: false })),
  };
  return HostBridge.from(document);
}

function macOf(random: Random, ports: readonly BridgePort[]): string | undefined {
  const own = `52:54:00:${[1, 2, 3].map(() => random.int(0, 255).toString(16).padStart(2, '0')).join(':')}`;
  if (ports.length === 0) return random.chance(0.5) ? own : undefined;
  return random.chance(0.8) ? own : 'kernel';
}

function spanningTree(random: Random): NonNullable<HostBridgeDocument['stp']> {
  if (random.chance(0.5))
    return { enabled: false, ...random.maybe(0.2, () => ({ forwardDelay: random.pick([0, 4, 7.5]) })) };
  return {
    enabled: true,
    ...random.maybe(0.6, () => ({ forwardDelay: random.pick([2, 4, 16, 29, 4.5]) })),
    ...random.maybe(0.4, () => ({ helloTime: random.pick([1, 3, 10, 1.25]) })),
    ...random.maybe(0.4, () => ({ maxAge: random.pick([6, 19, 40, 8.75]) })),
    ...random.maybe(0.4, () => ({ priority: random.pick([0, 4096, 12_288, 61_440]) })),
  };
}

const filtering = (random: Random) => ({
  ...random.maybe(0.5, () => ({ defaultPvid: random.pick([0, 7, 4094]) })),
  ...random.maybe(0.4, () => ({ vlans: vlans(random) })),
});

/** VLANs that do not overlap; at most one of them takes the untagged frames. */
function vlans(random: Random): readonly VlanMember[] {
  const single: VlanMember = { id: random.int(2, 99), ...random.maybe(0.5, () => ({ pvid: true, untagged: true })) };
  const from = random.int(100, 2000);
  const range: VlanMember = { id: { from, to: from + random.int(1, 50) } };
  return random.pick([
    [single],
    [range],
    [single, range],
    [single, { id: 4000, untagged: true }],
    [{ id: 5, pvid: true }],
  ]);
}

function portsOf(random: Random, cards: string[], isPlain: boolean, isFiltering: boolean): readonly BridgePort[] {
  const vxlans = random.chance(0.15) ? [vxlan(random)] : [];
  const others = random.list(0, Math.min(3, cards.length), () => {
    const options = {
      ...random.maybe(0.3, () => ({ pathCost: random.pick([1, 50, 200, 65_535]) })),
      ...random.maybe(0.3, () => ({ priority: random.pick([0, 20, 63]) })),
      ...random.maybe(0.15, () => ({ hairpin: true })),
      ...random.maybe(0.15, () => ({ isolated: true })),
      ...(isFiltering ? random.maybe(0.5, () => ({ vlans: vlans(random) })) : {}),
    };
    return { ...deviceOf(random, cards, isPlain), ...options };
  });
  return [...others, ...vxlans];
}

function vxlan(random: Random): BridgePort {
  const id = random.pick([0, 42, random.int(1, 0xff_ffff)]);
  const [local, ...hosts] = random.chance(0.7)
    ? ['10.88.0.1', '10.88.0.2', '10.88.0.3', '10.88.0.4']
    : ['2001:db8:88::1', '2001:db8:88::2', '2001:db8:88::3', '2001:db8:88::4'];
  return {
    type: 'vxlan',
    name: random.pick([`vxlan${id}`, 'vx0']),
    id,
    remotes: hosts.slice(0, random.int(1, 3)),
    ...random.maybe(0.6, () => ({ local })),
    ...random.maybe(0.3, () => ({ port: random.pick([4789, 8472, 65_535]) })),
    ...random.maybe(0.2, () => ({ learning: random.chance(0.5) })),
  };
}

function deviceOf(random: Random, cards: string[], isPlain: boolean): BridgePort {
  const nic = (): NicPort => ({ type: 'nic', name: take(cards), ...random.maybe(0.15, () => ({ mtu: 9000 })) });
  if (isPlain || cards.length < 3) return nic();
  const below = random.chance(0.5) ? nic() : bond(random, cards);
  if (random.chance(0.4)) return nic();
  if (random.chance(0.4)) return below;
  const id = random.int(1, 4094);
  const name = random.chance(0.8) ? `${below.name}.${id}` : `v${id}`;
  return { type: 'vlan', name, id, parent: below };
}

function bond(random: Random, cards: string[]): BondPort {
  const devices = [take(cards), ...(cards.length > 3 ? [take(cards)] : [])];
  const mode = random.pick(MODES);
  const hasPrimary = mode === 'active-backup' || mode === 'balance-tlb';
  return {
    type: 'bond',
    name: `bond${cards.length}`,
    devices,
    mode,
    ...random.maybe(0.5, () => ({ monitorInterval: random.pick([0.1, 1, 0.025]) })),
    ...(mode === '802.3ad' ? random.maybe(0.6, () => ({ lacpRate: random.pick(['slow', 'fast'] as const) })) : {}),
    ...random.maybe(0.3, () => ({ transmitHashPolicy: random.pick(['layer2+3', 'layer3+4', 'encap3+4'] as const) })),
    ...(hasPrimary ? random.maybe(0.5, () => ({ primary: random.pick(devices) })) : {}),
  };
}

function take(cards: string[]): string {
  const card = cards.shift();
  if (card === undefined) throw new Error('no card is left');
  return card;
}

function addressing(random: Random): Partial<HostBridgeDocument> {
  const net = random.int(1, 250);
  const v4 = random.list(0, 3, (i) => `10.${net}.${i}.${random.int(2, 250)}/24`);
  const v6 = random.list(0, 2, (i) => `2001:db8:${net.toString(16)}:${i}::${random.int(2, 99)}/64`);
  const [isDhcp4, auto6] = [random.chance(0.3), random.pick(['slaac', 'dhcp', 'none', 'none', 'none'] as const)];
  const families = { v4: isDhcp4 || v4.length > 0, v6: auto6 !== 'none' || v6.length > 0 };
  return {
    ipv4: {
      ...(isDhcp4
        ? { auto: 'dhcp', ...random.maybe(0.3, () => ({ clientId: random.pick(['mac', 'duid'] as const) })) }
        : {}),
      ...(isDhcp4 ? overrides(random) : {}),
      addresses: v4,
      ...(v4.length > 0 ? random.maybe(0.5, () => ({ gateway: `10.${net}.0.1` })) : {}),
    },
    ipv6: {
      ...(auto6 === 'none' ? {} : { auto: auto6 }),
      ...(auto6 === 'none' ? {} : overrides(random)),
      addresses: v6,
      ...(v6.length > 0
        ? random.maybe(0.5, () => ({ gateway: random.pick(['fe80::1', `2001:db8:${net.toString(16)}::1`]) }))
        : {}),
    },
    ...random.maybe(0.4, () => ({ dns: names(random, families) })),
    routes: routesOf(random, families, net, v4.length > 0),
  };
}

interface Families {
  readonly v4: boolean;
  readonly v6: boolean;
}

const overrides = (random: Random) => ({
  ...random.maybe(0.3, () => ({ routeMetric: random.pick([5, 100, 2000]) })),
  ...random.maybe(0.2, () => ({ useDns: false })),
});

const names = (random: Random, { v4, v6 }: Families) => ({
  servers: [...(v4 ? ['10.77.20.53', '192.0.2.1'] : []), ...(v6 ? ['2001:db8::53'] : [])],
  ...(v4 || v6
    ? random.maybe(0.5, () => ({ search: random.pick([['lan.example'], ['lan.example', 'a-b.test']]) }))
    : {}),
});

function routesOf(random: Random, { v4, v6 }: Families, net: number, hasFixed: boolean): readonly BridgeRoute[] {
  const options = () => ({
    ...random.maybe(0.4, () => ({ metric: random.pick([1, 50, 1024]) })),
    ...random.maybe(0.3, () => ({ table: random.pick([100, 2000]) })),
  });
  const via = hasFixed ? { via: `10.${net}.0.254` } : { via: '10.255.255.1', onLink: true };
  return [
    ...(v4 && random.chance(0.5) ? [{ to: '10.99.0.0/16', ...via, ...options() }] : []),
    ...(v4 && random.chance(0.2) ? [{ to: '172.16.0.0/12', via: '10.254.0.1', onLink: true, ...options() }] : []),
    ...(v6 && random.chance(0.4) ? [{ to: '2001:db8:ffff::/48', via: 'fe80::99', ...options() }] : []),
    ...(v4 && random.chance(0.1) ? [{ to: '0.0.0.0/0', ...via, metric: 4000 }] : []),
  ];
}

/** The cards of {@link fixedBridge}. */
export const CARDS = ['eno1', 'eno2', 'eno3'];

/**
 * A bridge that comes up by itself within a moment: without what takes a server, what the kernel of this machine may
 * lack, and IPv6 where it waits for the spanning tree or for a first port.
 */
export function fixedBridge(random: Random): HostBridge {
  const bridge = randomBridge(random, { cards: CARDS, isPlain: true, name: 'br0' });
  const { auto: _, clientId: __, routeMetric: _m4, useDns: _d4, ...ipv4 } = bridge.document.ipv4 ?? {};
  const { auto: ___, routeMetric: _m6, useDns: _d6, ...ipv6 } = bridge.document.ipv6 ?? {};
  const isSlow = bridge.document.stp?.enabled || bridge.document.ports?.length === 0;
  const routes = bridge.document.routes?.filter(({ to }) =>
    to.includes(':') ? !isSlow && ipv6.addresses?.length : ipv4.addresses?.length,
  );
  return bridge.with({ ipv4, ipv6: isSlow ? undefined : ipv6, routes, dns: undefined, autostart: undefined });
}

/**
 * The bridge without what a system cannot express, as its error lists it: what is left has every field that it can.
 */
export function expressible(
  bridge: HostBridge,
  backend: BackendName,
  options: Omit<RenderOptions, 'backend'> = {},
): HostBridge {
  let document: HostBridgeDocument = bridge.document;
  for (let round = 0; round < 12; round++) {
    try {
      HostBridge.from(document).render(backend, options);
      return HostBridge.from(document);
    } catch (error) {
      if (!(error instanceof BridgeUnsupportedError)) throw error;
      for (const { path } of [...error.fields].reverse()) document = without(document, path);
    }
  }
  throw new Error(`no way to express ${JSON.stringify(document)} for ${backend}`);
}

function without(document: HostBridgeDocument, path: string): HostBridgeDocument {
  const copy: unknown = JSON.parse(JSON.stringify(document));
  const keys = path.replace(/\[(\d+)\]/g, '.$1').split('.');
  // A spanning tree that is switched on cannot be left without its switch; it is switched off.
  if (path === 'stp.enabled') return { ...document, stp: { enabled: false } };
  // Without an address of its own a bridge copies that of a port, unless a setting forbids it.
  if (path === 'mac') return { ...document, mac: 'kernel' };
  // A VLAN without its bond has no parent: the whole port goes.
  if (keys.at(-1) === 'parent') keys.pop();
  // One host is always there.
  if (keys.at(-1) === 'remotes') keys.push('1');
  const last = keys.pop() ?? '';
  let at: unknown = copy;
  for (const key of keys) at = childOf(at, key);
  if (Array.isArray(at)) at.splice(Number(last), 1);
  else if (typeof at === 'object' && at !== null) Reflect.deleteProperty(at, last);
  return copy as HostBridgeDocument; // a copy of a document without one of its optional parts
}

const childOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
