import { type Fields, number, object, objects, parseObjects, text, texts } from './ip-json.js';
import { optional } from './links.js';

/** A route of a host, as the kernel has it. */
export interface HostRoute {
  readonly family: 'ipv4' | 'ipv6';
  /** A subnet, an address, or `default`. */
  readonly to: string;
  /** `unicast`, or what becomes of the packets: `unreachable`, `blackhole`, `prohibit`, ... */
  readonly type: string;
  readonly device?: string;
  readonly gateway?: string;
  /** Who made it: `static`, `boot`, `dhcp`, `kernel`, `ra`, ... */
  readonly protocol: string;
  readonly scope?: string;
  readonly source?: string;
  readonly metric?: number;
  /** Name or number of the table. Default: the main one. */
  readonly table?: string;
  readonly mtu?: number;
  readonly onLink: boolean;
  /** The ways of a route that has several. */
  readonly hops: readonly RouteHop[];
}

/** One way of a route that has several. */
export interface RouteHop {
  readonly device?: string;
  readonly gateway?: string;
  readonly weight: number;
}

/** The routes of a host, from `ip -j route show table all`. */
export const readRoutes = (family: HostRoute['family'], source: string): readonly HostRoute[] =>
  parseObjects(source).flatMap((fields) => {
    const to = text(fields, 'dst');
    return to === undefined ? [] : [readRoute(family, to, fields)];
  });

const readRoute = (family: HostRoute['family'], to: string, fields: Fields): HostRoute => ({
  family,
  to,
  type: text(fields, 'type') ?? 'unicast',
  protocol: text(fields, 'protocol') ?? 'boot',
  onLink: texts(fields, 'flags').includes('onlink'),
  hops: objects(fields['nexthops']).map(readHop),
  ...optional('device', text(fields, 'dev')),
  ...optional('gateway', gatewayOf(fields)),
  ...optional('scope', text(fields, 'scope')),
  ...optional('source', text(fields, 'prefsrc')),
  ...optional('metric', number(fields, 'metric')),
  ...optional('table', text(fields, 'table')),
  ...optional('mtu', objects(fields['metrics']).map((metrics) => number(metrics, 'mtu'))[0]),
});

const readHop = (fields: Fields): RouteHop => ({
  weight: number(fields, 'weight') ?? 1,
  ...optional('device', text(fields, 'dev')),
  ...optional('gateway', gatewayOf(fields)),
});

/** The gateway of an IPv4 route can be an IPv6 address, which stands elsewhere then. */
const gatewayOf = (fields: Fields): string | undefined =>
  text(fields, 'gateway') ?? text(object(fields, 'via'), 'host');
