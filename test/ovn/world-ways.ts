import { NatNetwork, RoutedNetwork } from '../../src/index.js';
import type { OvnTopology } from '../../src/ovn/index.js';
import { explainFlow } from '../../src/preview/index.js';
import type { Probe } from '../lab/probe.js';
import { LAN, macOf, type World, type WorldGuest, type WorldNetwork } from './across-hosts.js';

/** A packet that somebody sends, and what must come of it. */
export interface Way {
  readonly from: WorldGuest | 'outside';
  /** As `netprobe` takes it. */
  readonly probe: string;
  /** The source address that the receiver sees, or what DNS says; `answers` for any answer, `closed` for none, and `too long`. */
  readonly result: string;
}

/** What came of a packet, in the words of {@link Way}. */
function resultOf({ ok, peer, answers, error }: Probe): string {
  if (ok) return peer ?? answers?.join(' ') ?? 'answers';
  return error === 'EMSGSIZE' ? 'too long' : 'closed';
}

const nameOf = ({ from, probe }: Way): string => `${from === 'outside' ? from : from.name}: ${probe}`;

/**
 * Sends packets. Those that must arrive go from one place after the other, so that none waits for others; then those that must not,
 * from all places at once.
 *
 * @returns by way, what must come of it and what came of it
 */
export async function walk(world: World, ways: readonly Way[]): Promise<Record<'wanted' | 'seen', object>> {
  const seen: Record<string, string> = {};
  const send = async (from: Way['from'], own: readonly Way[]) => {
    const guest = from === 'outside' ? world.outside : from.guest;
    const probes = await guest.probes(own.map(({ probe }) => probe));
    for (const [i, way] of own.entries()) seen[nameOf(way)] = shown(way, probes[i]);
  };
  const [open, closed] = [(way: Way) => way.result !== 'closed', (way: Way) => way.result === 'closed'];
  for (const [from, own] of byPlace(ways.filter(open))) await send(from, own);
  await Promise.all(byPlace(ways.filter(closed)).map(([from, own]) => send(from, own)));
  return { wanted: Object.fromEntries(ways.map((way) => [nameOf(way), way.result])), seen };
}

/** What `explainFlow` says of packets, in the words of {@link Way}; without those that it cannot be asked about. */
export function explained(topology: OvnTopology, ways: readonly Way[]): Record<'wanted' | 'said', object> {
  const asked = ways.filter(({ probe }) => !probe.endsWith(' PTR'));
  const said = asked.map((way) => [nameOf(way), saidOf(topology, way)]);
  return { wanted: Object.fromEntries(asked.map((way) => [nameOf(way), way.result])), said: Object.fromEntries(said) };
}

function saidOf(topology: OvnTopology, { from, probe, result }: Way): string {
  const [kind = '', to = '', third = '', bind] = probe.replace(' --bind', '').split(' ');
  const isPort = /^\d+$/.test(third);
  const family = to.includes(':') ? 'ipv6' : 'ipv4';
  const port = isPort ? Number(third) : 7777;
  const ownAddress = (isPort ? bind : third) || LAN[family];
  const sender = from === 'outside' ? ownAddress : nameIn(topology, from);
  const question = kind === 'dns' ? ({ protocol: 'dns', name: third } as const) : undefined;
  const flow = explainFlow(topology, {
    from: sender,
    to,
    family,
    ...(question ?? { protocol: protocolOf(kind), port }),
  });
  if (flow.verdict !== 'delivered') return 'closed';
  return kind === 'dns' || result === 'answers' ? result : (flow.sourceSeen ?? 'nobody');
}

const protocolOf = (kind: string): 'tcp' | 'udp' | 'icmp' => (kind === 'tcp' || kind === 'udp' ? kind : 'icmp');

/** The guest's name in a topology that was read. */
function nameIn({ guests = [] }: OvnTopology, { of, host }: WorldGuest): string {
  const mac = macOf(of.number, host);
  return guests.find((guest) => guest.network === of.network.name && guest.mac === mac)?.name ?? '';
}

const byPlace = (ways: readonly Way[]): readonly (readonly [Way['from'], readonly Way[]])[] =>
  [...new Set(ways.map(({ from }) => from))].map((from) => [from, ways.filter((way) => way.from === from)]);

const shown = ({ result }: Way, probe: Probe | undefined): string => {
  const seen = probe === undefined ? 'nothing' : resultOf(probe);
  if (seen === 'closed' && result !== 'closed') return `closed: ${probe?.error}`;
  return result === 'answers' ? result : seen;
};

const isNat = ({ network }: WorldNetwork): boolean => network instanceof NatNetwork;
const isRouted = ({ network }: WorldNetwork): boolean => network instanceof RoutedNetwork;

/** Both addresses of a guest. */
export const addressesOf = ({ of, host }: WorldGuest): readonly [ipv4: string, ipv6: string] =>
  host === 0
    ? [`172.30.${of.number}.11`, `fd00:${of.number}::11`]
    : [`172.30.${of.number}.${99 + host}`, `fd00:${of.number}::5054:ff:fe00:${of.number}0${host + 1}`];

/** Both addresses of a network outside. */
export const publicOf = ({ number }: Pick<WorldNetwork, 'number'>): readonly [ipv4: string, ipv6: string] => [
  `198.51.100.1${number}`,
  `2001:db8:ffff::1${number}`,
];

/** What a guest is seen as outside, in both families; nothing where it does not get there. */
function seenAs(guest: WorldGuest): readonly (string | undefined)[] {
  if (!isNat(guest.of)) return isRouted(guest.of) ? addressesOf(guest) : [undefined, undefined];
  const [ipv4] = addressesOf(guest);
  const own = guest.of.outside?.ownAddresses?.find((one) => one.guest === ipv4)?.address;
  const [public4, public6] = publicOf(guest.of);
  return [own ?? public4, public6];
}

/** Guests of a network reach each other, unless its ports are isolated. */
export const waysInside = (guests: readonly WorldGuest[]): readonly Way[] =>
  guests.flatMap((from) =>
    guests
      .filter((to) => to !== from)
      .flatMap((to) =>
        addressesOf(to).flatMap((address, family) => {
          const isIsolated = from.of.network.document.port?.isolated === true;
          const own = isIsolated ? 'closed' : (addressesOf(from)[family] ?? '');
          return [
            { from, probe: `tcp ${address}`, result: own },
            { from, probe: `udp ${address}`, result: own },
            { from, probe: `ping ${address}`, result: isIsolated ? 'closed' : 'answers' },
          ];
        }),
      ),
  );

/** The names of the network, and its router. */
export const waysToNames = (from: WorldGuest): readonly Way[] => {
  const { number, network } = from.of;
  const [gateway4, gateway6] = [`172.30.${number}.1`, `fd00:${number}::1`];
  const [first4, first6] = [`172.30.${number}.11`, `fd00:${number}::11`];
  const name = `db.${network.name}.test`;
  return [
    { from, probe: `dns ${gateway4} ${name}`, result: first4 },
    { from, probe: `dns ${gateway4} db`, result: first4 },
    { from, probe: `dns ${gateway6} ${name} AAAA`, result: first6 },
    { from, probe: `dns ${gateway4} ${first4} PTR`, result: name },
    { from, probe: `dns ${gateway4} ${first6} PTR`, result: name },
    { from, probe: `ping ${gateway4}`, result: 'answers' },
    { from, probe: `ping ${gateway6}`, result: 'answers' },
  ];
};

/** The outside is reached with the address that the mode has for it. */
export const waysOut = (from: WorldGuest): readonly Way[] =>
  [LAN.ipv4, LAN.ipv6].flatMap((address, family) => {
    const result = seenAs(from)[family];
    return [
      { from, probe: `tcp ${address}`, result: result ?? 'closed' },
      { from, probe: `udp ${address}`, result: result ?? 'closed' },
      { from, probe: `ping ${address}`, result: result === undefined ? 'closed' : 'answers' },
    ];
  });

/** Guests of other networks are reached where those are routed, and port forwards as by anybody outside. */
export const waysToOthers = (from: WorldGuest, others: readonly WorldGuest[]): readonly Way[] =>
  others
    .filter(({ of }) => of !== from.of)
    .flatMap((to) =>
      addressesOf(to).flatMap((address, family) => {
        const own = seenAs(from)[family] ?? 'closed';
        const forwarded = `${publicOf(to.of)[family]} 80`;
        return [
          { from, probe: `tcp ${address}`, result: isRouted(to.of) ? own : 'closed' },
          ...(isNat(to.of) ? [{ from, probe: `tcp ${forwarded}`, result: own }] : []),
        ];
      }),
    );

/** Guests are reached from outside where their network is routed. */
export const waysIn = (to: WorldGuest): readonly Way[] =>
  addressesOf(to).flatMap((address, family) => {
    const own = family === 0 ? LAN.ipv4 : LAN.ipv6;
    const open = isRouted(to.of);
    const result = open ? own : 'closed';
    return [
      { from: 'outside', probe: `tcp ${address} --bind ${own}`, result },
      { from: 'outside', probe: `udp ${address} --bind ${own}`, result },
      { from: 'outside', probe: `ping ${address} --bind ${own}`, result: open ? 'answers' : 'closed' },
    ];
  });

/** Port forwards lead from outside to the guest, for those that they are for. */
export const waysForwarded = (network: WorldNetwork, guests: readonly WorldGuest[]): readonly Way[] =>
  publicOf(network).flatMap((address, family): Way[] => {
    const [near, far] = family === 0 ? [LAN.ipv4, LAN.far4] : [LAN.ipv6, LAN.far6];
    return [
      { from: 'outside', probe: `tcp ${address} 80 --bind ${near}`, result: near },
      { from: 'outside', probe: `tcp ${address} 81 --bind ${far}`, result: far },
      { from: 'outside', probe: `tcp ${address} 81 --bind ${near}`, result: 'closed' },
      { from: 'outside', probe: `udp ${address} 5001 --bind ${near}`, result: near },
      { from: 'outside', probe: `udp ${address} 5009 --bind ${near}`, result: 'closed' },
      ...guests.flatMap((from): Way[] => [
        { from, probe: `tcp ${address} 80`, result: 'answers' },
        { from, probe: `tcp ${address} 81`, result: 'closed' },
      ]),
    ];
  });

/** An opening for TCP to the first guest, and one for pings to all, from the far addresses; nothing is translated there. */
export const waysOpened = (guests: readonly WorldGuest[]): readonly Way[] =>
  guests.flatMap((guest): Way[] => {
    const [ipv4, ipv6] = addressesOf(guest);
    const bind4 = `--bind ${LAN.far4}`;
    return [
      { from: 'outside', probe: `tcp ${ipv4} ${bind4}`, result: guest.host === 0 ? LAN.far4 : 'closed' },
      { from: 'outside', probe: `udp ${ipv4} ${bind4}`, result: 'closed' },
      { from: 'outside', probe: `ping ${ipv6} --bind ${LAN.far6}`, result: 'answers' },
      { from: 'outside', probe: `tcp ${ipv6} --bind ${LAN.far6}`, result: 'closed' },
      { from: guest, probe: `tcp ${LAN.far4}`, result: ipv4 },
    ];
  });

/**
 * Packets as long as the MTU arrive, and who sends longer ones from outside hears of it: but not through port forwards, where the
 * answer of the router quotes the guest's address, which the sender does not know.
 */
export const waysOfLength = (guest: WorldGuest): readonly Way[] =>
  addressesOf(guest).flatMap((address, family): Way[] => {
    const near = family === 0 ? LAN.ipv4 : LAN.ipv6;
    return [
      { from: 'outside', probe: `udp ${address} --size 1400 --bind ${near}`, result: near },
      { from: 'outside', probe: `udp ${address} --size 1450 --bind ${near}`, result: 'too long' },
    ];
  });
