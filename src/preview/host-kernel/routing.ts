import type { HostRoute } from '../../host-facts/routes.js';
import type { RoutingRule } from '../../host-facts/routing-rules.js';
import type { Family } from '../../schema/address.js';
import { rangeOf } from '../firewall-model/conditions.js';
import type { HostKernel } from './model.js';

/** A packet as the choice of a route sees it. */
export interface RoutedPacket {
  readonly family: Family;
  readonly source: bigint;
  readonly destination: bigint;
  /** The device that it came in by; `lo` for the host's own. */
  readonly inBy: string;
  readonly mark: number | undefined;
}

/** What becomes of a packet: it goes out by a device, or it is refused, or that cannot be told. */
export type RouteChoice =
  /** `onLink`: the receiver itself is at the device, not a router that leads to it. */
  | { readonly type: 'unicast'; readonly device: string; readonly onLink: boolean; readonly route: HostRoute }
  | { readonly type: 'refused' | 'unknown'; readonly text: string };

/** Routes that accept no packets. */
const REFUSING: ReadonlySet<string> = new Set(['unreachable', 'prohibit', 'blackhole', 'throw']);

/** The tables that a kernel asks without rules of its own. */
const USUAL: readonly RoutingRule[] = (['ipv4', 'ipv6'] as const).map((family) => ({
  family,
  priority: 32766,
  not: false,
  table: 'main',
}));

interface Entry {
  readonly route: HostRoute;
  readonly prefix: number;
  readonly contains: (value: bigint) => boolean;
}

/** Chooses routes as the kernel does: the rules in their order, and in a table the narrowest route. */
export class Routing {
  readonly #rules: readonly RoutingRule[];
  readonly #tables = new Map<string, Entry[]>();

  constructor(routes: readonly HostRoute[], { rules }: Pick<HostKernel, 'rules'>) {
    this.#rules = [...(rules ?? USUAL)]
      .filter(({ table }) => table !== 'local')
      .sort((a, b) => a.priority - b.priority);
    for (const route of routes) {
      const key = `${route.family} ${route.table ?? 'main'}`;
      const entries = this.#tables.get(key) ?? [];
      this.#tables.set(key, entries);
      const entry = entryOf(route);
      if (entry !== undefined) entries.push(entry);
    }
    const metric = ({ route }: Entry): number => route.metric ?? 0;
    for (const entries of this.#tables.values()) entries.sort((a, b) => b.prefix - a.prefix || metric(a) - metric(b));
  }

  /** The way of a packet; nothing without a route. */
  choose(packet: RoutedPacket): RouteChoice | undefined {
    for (const rule of this.#rules) {
      if (rule.family !== packet.family) continue;
      const applies = appliesTo(rule, packet);
      if (applies === undefined) return { type: 'unknown', text: `the routing rule ${rule.priority} asks for a mark` };
      if (!applies) continue;
      const choice = this.#choiceOf(rule, packet);
      if (choice !== undefined) return choice;
    }
    return undefined;
  }

  #choiceOf(rule: RoutingRule, packet: RoutedPacket): RouteChoice | undefined {
    if (rule.action !== undefined && rule.action !== 'to_tbl')
      return { type: 'refused', text: `the routing rule ${rule.priority} says ${rule.action}` };
    const entry = this.#tables
      .get(`${rule.family} ${rule.table ?? 'main'}`)
      ?.find(({ contains }) => contains(packet.destination));
    if (entry === undefined || entry.prefix <= (rule.suppressPrefixLength ?? -1)) return undefined;
    const { type, device, gateway, hops, to } = entry.route;
    if (type === 'throw') return undefined;
    if (REFUSING.has(type)) return { type: 'refused', text: `the route to ${to} is ${type}` };
    const devices = new Set([device, ...hops.map((hop) => hop.device)].filter((one) => one !== undefined));
    const [first] = devices;
    if (first === undefined || devices.size > 1)
      return { type: 'unknown', text: `the route to ${to} has several ways` };
    return {
      type: 'unicast',
      device: first,
      route: entry.route,
      onLink: gateway === undefined && hops.every((hop) => hop.gateway === undefined),
    };
  }
}

function entryOf(route: HostRoute): Entry | undefined {
  const { to, family } = route;
  if (to === 'default') return { route, prefix: 0, contains: () => true };
  const bits = family === 'ipv4' ? 32 : 128;
  const range = rangeOf(to);
  if (range === undefined) return undefined;
  const contains = (value: bigint): boolean => range.start <= value && value <= range.end;
  return { route, prefix: Number(/\/(\d+)$/.exec(to)?.[1] ?? bits), contains };
}

/** Tells whether a rule is about a packet; nothing where its mark decides and is not known. */
function appliesTo({ from, to, inBy, outBy, mark, not }: RoutingRule, packet: RoutedPacket): boolean | undefined {
  const inside = (subnet: string | undefined, value: bigint): boolean => {
    const range = subnet === undefined ? undefined : rangeOf(subnet);
    return range === undefined || (range.start <= value && value <= range.end);
  };
  const others =
    inside(from, packet.source) &&
    inside(to, packet.destination) &&
    (inBy === undefined || inBy === packet.inBy) &&
    outBy === undefined;
  if (mark === undefined || !others) return others !== not;
  if (packet.mark === undefined) return undefined;
  return ((packet.mark & mark.mask) >>> 0 === (mark.value & mark.mask) >>> 0) !== not;
}
