import { IDENTITY_KEYS, longestRising, matchesBy } from '../lists/match.js';
import { isRecord } from '../schema/values.js';

/** A difference between two networks. */
export interface Change {
  /** Property path, such as `ips[0].dhcp.hosts[2].name`. Of something new, its place in the second network. */
  readonly path: string;
  /** The value before; absent when it is new. */
  readonly from?: unknown;
  /** The value after; absent when it is gone. */
  readonly to?: unknown;
}

/**
 * Lists where two plain values differ, in the order of the first. Items of lists are matched by what identifies them,
 * so that one more item in front is one difference and not many; an item that moved is gone from its old place and new
 * at the other.
 */
export function differences(from: unknown, to: unknown, path = ''): Change[] {
  if (Object.is(from, to)) return [];
  if (Array.isArray(from) && Array.isArray(to)) return listDifferences(from, to, path);
  if (isRecord(from) && isRecord(to)) return objectDifferences(from, to, path);
  return [change(path, from, to)];
}

/** Tells whether two plain values are equal, part by part; much quicker than looking for their differences. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}

const change = (path: string, from: unknown, to: unknown): Change => ({
  path,
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

function objectDifferences(
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
  path: string,
): Change[] {
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].flatMap((key) => differences(from[key], to[key], path === '' ? key : `${path}.${key}`));
}

function listDifferences(from: readonly unknown[], to: readonly unknown[], path: string): Change[] {
  const partners = matchItems(from, to);
  const taken = new Set(partners.values());
  const added = new Set(to.flatMap((_, i) => (taken.has(i) ? [] : [i])));
  const changes = from.flatMap((item, i) => {
    const partner = partners.get(i) ?? inPlace(i, from, to, added);
    const at = `${path}[${i}]`;
    return partner === undefined ? [change(at, item, undefined)] : differences(item, to[partner], at);
  });
  return [...changes, ...[...added].map((i) => change(`${path}[${i}]`, undefined, to[i]))];
}

/** An item without a partner was changed in place where the other list has a new one there and is as long. */
function inPlace(i: number, from: readonly unknown[], to: readonly unknown[], added: Set<number>): number | undefined {
  return from.length === to.length && added.delete(i) ? i : undefined;
}

/** Which item of the second list each one of the first is: the most that have the same identity and kept their order. */
const matchItems = (from: readonly unknown[], to: readonly unknown[]): ReadonlyMap<number, number> =>
  new Map(longestRising(matchesBy(identityOf, from, to)));

function identityOf(item: unknown): string {
  if (!isRecord(item)) return JSON.stringify(item);
  const key = IDENTITY_KEYS.find((name) => typeof item[name] === 'string' || typeof item[name] === 'number');
  return key === undefined ? JSON.stringify(item) : `${key}=${String(item[key])}`;
}
