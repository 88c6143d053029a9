import type { OvnRow } from '../../ovn-model/rows.js';
import type { OvnShape } from '../../ovn-model/shape.js';
import {
  type Address,
  type AddressWithPrefix,
  bitsOf,
  parseAddress,
  parseCidr,
  sameSubnet,
} from '../../schema/address.js';
import { keysIn, pairsIn, textIn, textsIn } from './columns.js';
import { type Matcher, matcherOf, type PortGroups } from './match.js';

/** A rule of a switch. */
export interface Acl {
  readonly direction: string;
  readonly priority: number;
  readonly action: string;
  readonly matches: Matcher;
  /** As `ovn-nbctl acl-list` prints it. */
  readonly text: string;
}

/** A logical switch. */
export interface LogicalSwitch {
  readonly name: string;
  readonly acls: readonly Acl[];
  /** True if connections are tracked: answers then pass without a rule. */
  readonly isStateful: boolean;
  readonly vips: readonly Vip[];
}

/** A port of a load balancer, and where it leads. */
export interface Vip {
  readonly protocol: string;
  readonly address: Address;
  readonly port: number;
  readonly target: Address;
  readonly targetPort: number;
  readonly text: string;
}

/** A translation of source addresses. */
export interface Nat {
  readonly external: Address;
  readonly logical: AddressWithPrefix;
  /** Receivers for whom nothing is translated, in CIDR form. */
  readonly exempted: readonly AddressWithPrefix[];
  /** As `ovn-nbctl lr-nat-list` prints it. */
  readonly text: string;
}

/** A port of a router. */
export interface RouterPort {
  readonly name: string;
  readonly mac: string;
  readonly networks: readonly AddressWithPrefix[];
}

/** A route; without a next hop to what is at the port itself. */
export interface LogicalRoute {
  readonly to: AddressWithPrefix;
  readonly hop: Address | undefined;
  readonly by: 'inside' | 'outside';
}

/** A logical router. */
export interface LogicalRouter {
  readonly name: string;
  readonly inside: RouterPort;
  /** Absent where it does not lead outside. */
  readonly outside: RouterPort | undefined;
  readonly nats: readonly Nat[];
  readonly vips: readonly Vip[];
  /** The longest prefixes first. */
  readonly routes: readonly LogicalRoute[];
  /** The chassis that it leads outside by, the first choice first. */
  readonly chassis: readonly string[];
  /** True if each host routes by itself. */
  readonly isDistributed: boolean;
}

/** The LAN that a network leads to. */
export interface Segment {
  readonly physicalNetwork: string;
  readonly vlan: number | undefined;
}

/** A network as the rows have it. */
export interface LogicalNetwork {
  readonly name: string;
  /** Each with the address of the router, if there is one. */
  readonly subnets: readonly AddressWithPrefix[];
  readonly rows: ReadonlyMap<string, OvnRow>;
  readonly inner: LogicalSwitch;
  readonly router: LogicalRouter | undefined;
  /** The switch between router and LAN. */
  readonly outer: (LogicalSwitch & { readonly port: string; readonly segment: Segment }) | undefined;
  readonly groups: PortGroups;
}

/** Takes the rows of a network apart. */
export function logicalNetworkOf({ name, subnets }: OvnShape, given: readonly OvnRow[]): LogicalNetwork {
  const rows = new Map(given.map((row) => [row.key, row]));
  const group = rows.get('guests');
  return {
    name,
    subnets: subnets.flatMap(({ subnet }) => parseCidr(subnet.toString()) ?? []),
    rows,
    inner: switchOf(rows, 'switch', group),
    router: routerOf(rows),
    outer: outerOf(rows),
    groups: new Map(group === undefined ? [] : [[textIn(group, 'name'), membersOf(rows, group)]]),
  };
}

type Rows = LogicalNetwork['rows'];

const rowsIn = (rows: Rows, row: OvnRow | undefined, column: string): readonly OvnRow[] =>
  row === undefined ? [] : keysIn(row, column).flatMap((key) => rows.get(key) ?? []);

const membersOf = (rows: Rows, group: OvnRow): ReadonlySet<string> =>
  new Set(rowsIn(rows, group, 'ports').map((row) => textIn(row, 'name')));

function switchOf(rows: Rows, key: string, group?: OvnRow): LogicalSwitch {
  const row = rows.get(key);
  const acls = [...rowsIn(rows, row, 'acls'), ...rowsIn(rows, group, 'acls')].map(aclOf);
  const vips = rowsIn(rows, row, 'load_balancer').flatMap(vipsOf);
  const isStateful = acls.some(({ action }) => action === 'allow-related');
  return { name: row === undefined ? '' : textIn(row, 'name'), acls: acls.sort(byPriority), isStateful, vips };
}

const byPriority = (a: Acl, b: Acl): number => b.priority - a.priority;

function aclOf(row: OvnRow): Acl {
  const [direction, match, action] = [textIn(row, 'direction'), textIn(row, 'match'), textIn(row, 'action')];
  const priority = Number(row.columns['priority']);
  const text = `${direction} ${priority} (${match}) ${action}`;
  return { direction, priority, action, matches: matcherOf(match), text };
}

function outerOf(rows: Rows): LogicalNetwork['outer'] {
  const physical = rows.get('outside_physical');
  if (physical === undefined) return undefined;
  const vlan = physical.columns['tag'];
  const [, physicalNetwork = ''] = pairsIn(physical, 'options').find(([name]) => name === 'network_name') ?? [];
  const segment = { physicalNetwork, vlan: typeof vlan === 'number' ? vlan : undefined };
  return { ...switchOf(rows, 'outside'), port: textIn(physical, 'name'), segment };
}

function routerOf(rows: Rows): LogicalRouter | undefined {
  const row = rows.get('router');
  const inside = portOf(rows.get('router_inside'));
  if (row === undefined || inside === undefined) return undefined;
  const outside = portOf(rows.get('router_outside'));
  const [, gateway] = pairsIn(row, 'options').find(([name]) => name === 'chassis') ?? [];
  const several = rowsIn(rows, rows.get('router_outside'), 'gateway_chassis').map((one) => textIn(one, 'chassis_name'));
  return {
    name: textIn(row, 'name'),
    inside,
    outside,
    nats: rowsIn(rows, row, 'nat')
      .flatMap((one) => natOf(rows, one))
      .sort((a, b) => b.logical.prefix - a.logical.prefix),
    vips: rowsIn(rows, row, 'load_balancer').flatMap(vipsOf),
    routes: routesOf(rowsIn(rows, row, 'static_routes'), inside, outside),
    chassis: gateway === undefined ? several : [gateway],
    isDistributed: gateway === undefined,
  };
}

const portOf = (row: OvnRow | undefined): RouterPort | undefined =>
  row === undefined
    ? undefined
    : {
        name: textIn(row, 'name'),
        mac: textIn(row, 'mac').toLowerCase(),
        networks: textsIn(row, 'networks').flatMap((text) => parseCidr(text) ?? []),
      };

function natOf(rows: Rows, row: OvnRow): readonly Nat[] {
  const [external, logical] = [parseAddress(textIn(row, 'external_ip')), subnetIn(textIn(row, 'logical_ip'))];
  if (external === undefined || logical === undefined) return [];
  const words = [textIn(row, 'type'), external.text, textIn(row, 'external_port_range'), textIn(row, 'logical_ip')];
  const exempted = rowsIn(rows, row, 'exempted_ext_ips').flatMap((set) =>
    textsIn(set, 'addresses').flatMap((text) => subnetIn(text) ?? []),
  );
  return [{ external, logical, exempted, text: words.filter((word) => word !== '').join(' ') }];
}

/** A subnet, or a single address as one. */
function subnetIn(text: string): AddressWithPrefix | undefined {
  const single = parseAddress(text);
  if (single === undefined) return parseCidr(text);
  return { address: single, prefix: bitsOf(single.family) };
}

const vipsOf = (row: OvnRow): readonly Vip[] =>
  pairsIn(row, 'vips').flatMap(([vip, target]) => {
    const [outer, inner] = [withPort(vip), withPort(target)];
    if (outer === undefined || inner === undefined) return [];
    const protocol = textIn(row, 'protocol');
    const text = `${protocol} ${vip} ${target}`;
    return [{ protocol, ...outer, target: inner.address, targetPort: inner.port, text }];
  });

function withPort(text: string): { readonly address: Address; readonly port: number } | undefined {
  const [, ipv6, ipv4, port] = /^(?:\[(.+)\]|(.+)):(\d+)$/.exec(text) ?? [];
  const address = parseAddress(ipv6 ?? ipv4 ?? '');
  return address === undefined ? undefined : { address, port: Number(port) };
}

/** The subnets of the ports come before routes of the same length. A route whose next hop is at no port is left out, as northd does. */
function routesOf(
  rows: readonly OvnRow[],
  inside: RouterPort,
  outside: RouterPort | undefined,
): readonly LogicalRoute[] {
  const near = (port: RouterPort | undefined, by: LogicalRoute['by']): readonly LogicalRoute[] =>
    (port?.networks ?? []).map((to) => ({ to, hop: undefined, by }));
  const connected = [...near(inside, 'inside'), ...near(outside, 'outside')];
  const far = rows.flatMap((row) => {
    const [to, hop] = [parseCidr(textIn(row, 'ip_prefix')), parseAddress(textIn(row, 'nexthop'))];
    const at = hop === undefined ? undefined : connected.find((route) => isWithin(hop, route.to));
    return to === undefined || hop === undefined || at === undefined ? [] : [{ to, hop, by: at.by }];
  });
  return [...connected, ...far].sort((a, b) => b.to.prefix - a.to.prefix);
}

/** Tells whether an address is in a subnet. */
export const isWithin = (address: Address, { address: other, prefix }: AddressWithPrefix): boolean =>
  sameSubnet(address, other, prefix);
