import type { Family } from '../schema/address.js';
import { isDistributed } from './outside.js';
import { destinationOf } from './route-destination.js';
import type { OvnRow } from './rows.js';
import { type OvnShape, type OvnSubnet, subnetsOf } from './shape.js';
import type { NamedRow } from './values.js';

/** The addresses to which a network's router does not translate what guests of a subnet send. */
interface Untranslated {
  readonly row: OvnRow;
  readonly subnets: readonly OvnSubnet[];
}

/**
 * The addresses that the router of a network with NAT does not translate packets to:
 *
 * - those outside that openings are for: OVN translates what guests answer as if it was theirs to begin, and the answer is lost
 * - the network's other IPv4 subnets, and where its own routes lead, if its router is on one chassis: such a router translates whatever
 *   it routes, and the rules of the guests would take the packets for those of somebody outside. Neighbours send to each other
 *   through the router only by a forwarded port, and the answer would miss the router if they were not translated: those are
 *   the guests of one IPv4 subnet, and of all IPv6 subnets, which the router advertises to every guest.
 */
export const untranslatedRows = (shape: OvnShape): readonly OvnRow[] => allOf(shape).map(({ row }) => row);

/** Refers to the addresses for the guests of a subnet, if there are any. */
export function untranslatedFor(shape: OvnShape): (subnet: OvnSubnet | undefined) => NamedRow | undefined {
  const all = allOf(shape);
  return (subnet) => {
    const own = all.find(({ subnets }) => subnet !== undefined && subnets.includes(subnet));
    return own === undefined ? undefined : { named: own.row.key };
  };
}

const allOf = (shape: OvnShape): readonly Untranslated[] =>
  shape.translated.flatMap((family) => ofFamily(shape, family));

function ofFamily(shape: OvnShape, family: Family): readonly Untranslated[] {
  const { outside, document } = shape;
  if (outside === undefined) return [];
  const opened = outside.openings.flatMap((opening) => (opening.family === family ? [opening.from] : []));
  const subnets = subnetsOf(shape, family);
  if (isDistributed(outside)) return rowOf(shape, family, subnets, opened);
  const routes = (document.routes ?? []).filter((route) => (route.family ?? 'ipv4') === family);
  const inside = [...opened, ...routes.map(destinationOf)];
  if (family === 'ipv6' || subnets.length < 2) return rowOf(shape, family, subnets, inside);
  return subnets.flatMap((subnet, i) => {
    const others = subnets.flatMap((one) => (one === subnet ? [] : [one.cidr]));
    return rowOf(shape, family, [subnet], [...inside, ...others], i);
  });
}

function rowOf(
  { names }: OvnShape,
  family: Family,
  subnets: readonly OvnSubnet[],
  all: readonly string[],
  number?: number,
): readonly Untranslated[] {
  const addresses = [...new Set(all)];
  if (addresses.length === 0) return [];
  const key = number === undefined ? `open_${family}` : `open_${family}_${number}`;
  return [{ row: { table: 'Address_Set', key, columns: { name: names.openTo(family, number), addresses } }, subnets }];
}
