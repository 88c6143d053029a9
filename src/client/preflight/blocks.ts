import { bitsOf, type Family, lastAddress, networkAddress } from '../../schema/address.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { destinationOf, effectivePrefix } from '../../schema/rules/addressing.js';
import { addressIn } from '../../schema/rules/context.js';
import type { RouteFacts } from '../state/host-view.js';

/** A block of addresses. */
export interface Block {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
  /** As `10.0.0.0/24`. */
  readonly text: string;
}

/** The block that an address with a prefix is in. */
export function blockOf(text: string, prefix: number | undefined): Block | undefined {
  const address = addressIn(text);
  if (address === undefined || prefix === undefined) return undefined;
  const first = networkAddress(address, prefix);
  return {
    family: address.family,
    first: first.value,
    last: lastAddress(address, prefix).value,
    text: `${first.text}/${prefix}`,
  };
}

/** The block of a subnet in CIDR form; nothing for other text. */
export function blockOfCidr(text: string): Block | undefined {
  const [address = '', prefix] = text.split('/');
  return prefix === undefined ? undefined : blockOf(address, Number(prefix));
}

/** The block that a route leads to; nothing for the default route, for one that refuses and for the host's own addresses. */
export function blockOfRoute({ family, to, type = 'unicast' }: RouteFacts): Block | undefined {
  if (type !== 'unicast' || to === 'default') return undefined;
  return blockOfCidr(to) ?? blockOf(to, bitsOf(family));
}

/** Tells whether two blocks have an address in common: either may contain the other. */
export const overlaps = (a: Block, b: Block): boolean =>
  a.family === b.family && a.first <= b.last && b.first <= a.last;

/** Blocks without an owner: those of every host, and the one that contains all others. */
const EVERYWHERE = ['0.0.0.0/0', '::/0', 'fe80::/10', 'ff00::/8', '224.0.0.0/4'];

/** Tells whether a block has no owner: the default route, link-local and multicast addresses. */
export const isEverywhere = ({ text, ...block }: Block): boolean =>
  EVERYWHERE.includes(text) ||
  EVERYWHERE.slice(2).some((one) => {
    const other = blockOfCidr(one);
    return other !== undefined && overlaps(other, { text, ...block });
  });

/** A block with the property that wants it. */
export interface Wanted {
  readonly path: string;
  readonly block: Block;
}

/** The blocks that a network takes: its subnets, and where its routes go. */
export function blocksOf({ ips = [], routes = [] }: NetworkDocument): Wanted[] {
  const placed = (path: string, block: Block | undefined): Wanted[] => (block === undefined ? [] : [{ path, block }]);
  return [
    ...ips.flatMap((ip, i) => placed(`ips[${i}]`, blockOf(ip.address, effectivePrefix(ip)))),
    ...routes
      .map(destinationOf)
      .flatMap((route, i) => placed(`routes[${i}]`, blockOf(route.address, effectivePrefix(route)))),
  ].filter(({ block }) => !isEverywhere(block));
}
