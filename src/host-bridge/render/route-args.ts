import { EVERYWHERE } from '../address.js';
import type { ReadyBridge } from '../backend.js';
import type { BridgeRoute, VlanMember } from '../document.js';

/** All routes of a bridge in the form of routes: first those to everywhere, which are its gateways. */
export const allRoutes = ({
  ipv4,
  ipv6,
  routes,
}: Pick<ReadyBridge, 'ipv4' | 'ipv6' | 'routes'>): readonly BridgeRoute[] => [
  ...(ipv4.gateway === undefined ? [] : [{ to: EVERYWHERE.ipv4, via: ipv4.gateway }]),
  ...(ipv6.gateway === undefined ? [] : [{ to: EVERYWHERE.ipv6, via: ipv6.gateway }]),
  ...routes,
];

/** A route in the words of `ip route add`. */
export const routeWords = (device: string, { to, via, metric, table, onLink }: BridgeRoute): string =>
  [
    to,
    ...(via === undefined ? [] : ['via', via]),
    ...['dev', device],
    ...(metric === undefined ? [] : ['metric', metric]),
    ...(table === undefined ? [] : ['table', table]),
    ...(onLink ? ['onlink'] : []),
  ].join(' ');

/** Writes an id, or a range of ids with a dash in between. */
export const vlanIds = ({ id }: VlanMember): string => (typeof id === 'number' ? String(id) : `${id.from}-${id.to}`);

/** VLANs as NetworkManager reads them: `10-20,100 pvid untagged`. */
export const vlanWords = (vlans: readonly VlanMember[] | undefined): string | undefined =>
  vlans
    ?.map((member) => `${vlanIds(member)}${member.pvid ? ' pvid' : ''}${member.untagged ? ' untagged' : ''}`)
    .join(',');
