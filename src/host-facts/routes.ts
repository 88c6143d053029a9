import type { Family } from '../schema/address.js';

/** A route of a host, as the kernel has it. */
export interface HostRoute {
  readonly family: Family;
  /** A subnet, an address, or `default`. */
  readonly to: string;
  /** `unicast`, or what becomes of the packets: `unreachable`, `blackhole`, `prohibit`, ... */
  readonly type: string;
  /** The device that it goes out by; absent for one that refuses, and for one with several ways. */
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

/** A next hop of a route that has several. */
export interface RouteHop {
  readonly device?: string;
  readonly gateway?: string;
  readonly weight: number;
}

/** Tells whether a route goes out by a device, alone or among others. */
export const goesOutBy = ({ device, hops }: HostRoute, name: string): boolean =>
  device === name || hops.some((hop) => hop.device === name);

/** Routes in an order in which they can be added: a gateway needs the route that leads to it. */
export const inOrderOfAdding = (routes: readonly HostRoute[]): readonly HostRoute[] => [
  ...routes.filter(({ gateway, hops }) => gateway === undefined && hops.length === 0),
  ...routes.filter(({ gateway, hops }) => gateway !== undefined || hops.length > 0),
];
