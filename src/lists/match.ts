import { firstNotBelow } from './binary-search.js';

/** Indexes of two items that belong together, one in each of two lists. */
export type Match = readonly [before: number, after: number];

/** Names that identify an item of a libvirt document, as attributes or as properties; the first that is present counts. */
export const IDENTITY_KEYS = ['ip', 'address', 'start', 'name', 'dev', 'id', 'service', 'addr', 'domain', 'value'];

/**
 * Matches items that have the same key: the first with the first, the second with the second.
 *
 * @param belong - whether items of one key match at all, given their indexes in both lists
 * @returns the matches in the order of the first list
 */
export function matchesBy<T>(
  keyOf: (item: T) => string,
  before: readonly T[],
  after: readonly T[],
  belong: (before: readonly number[], after: readonly number[]) => boolean = () => true,
): Match[] {
  const others = indexesBy(keyOf, after);
  const matches: Match[] = [];
  for (const [key, indexes] of indexesBy(keyOf, before)) {
    const same = others.get(key) ?? [];
    if (!belong(indexes, same)) continue;
    for (const [n, index] of indexes.slice(0, same.length).entries()) matches.push([index, same[n] ?? 0]);
  }
  return matches.sort(([a], [b]) => a - b);
}

function indexesBy<T>(keyOf: (item: T) => string, items: readonly T[]): Map<string, number[]> {
  const indexes = new Map<string, number[]>();
  for (const [i, item] of items.entries()) addTo(indexes, keyOf(item), i);
  return indexes;
}

/** Adds an item to the list under a key. A list of one takes no more room than its item: most lists are such. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [item]);
  else known.push(item);
}

/** Matches that keep the order of both lists, the last one first. */
interface Chain {
  readonly match: Match;
  readonly rest: Chain | undefined;
}

/** Returns the most matches that keep the order of both lists. Patience sorting takes n log n steps: lists can be long. */
export function longestRising(matches: readonly Match[]): readonly Match[] {
  const ends: Chain[] = [];
  for (const match of matches) {
    const length = firstNotBelow(ends, (chain) => chain.match[1] < match[1]);
    ends[length] = { match, rest: ends[length - 1] };
  }
  const rising: Match[] = [];
  for (let chain = ends.at(-1); chain !== undefined; chain = chain.rest) rising.push(chain.match);
  return rising.reverse();
}
