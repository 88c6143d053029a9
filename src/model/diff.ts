/** One difference between two networks. */
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
  if (Array.isArray(from) && Array.isArray(to)) return listDifferences(from, to, path);
  if (isObject(from) && isObject(to)) return objectDifferences(from, to, path);
  return Object.is(from, to) ? [] : [change(path, from, to)];
}

const change = (path: string, from: unknown, to: unknown): Change => ({
  path,
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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
function matchItems(from: readonly unknown[], to: readonly unknown[]): ReadonlyMap<number, number> {
  const byIdentity = new Map<string, number[]>();
  to.forEach((item, i) => {
    const key = identityOf(item);
    const same = byIdentity.get(key);
    if (same === undefined) byIdentity.set(key, [i]);
    else same.push(i);
  });
  const next = new Map<string, number>();
  const pairs = from.flatMap((item, i): [number, number][] => {
    const key = identityOf(item);
    const nth = next.get(key) ?? 0;
    next.set(key, nth + 1);
    const match = byIdentity.get(key)?.[nth];
    return match === undefined ? [] : [[i, match]];
  });
  return new Map(longestAscending(pairs));
}

interface Link {
  readonly pair: readonly [number, number];
  readonly before: Link | undefined;
}

/** The most pairs whose second numbers ascend, found by patience sorting: a list may hold very many items. */
function longestAscending(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const piles: Link[] = [];
  for (const pair of pairs) {
    const at = pileFor(piles, pair[1]);
    piles[at] = { pair, before: piles[at - 1] };
  }
  const chain: (readonly [number, number])[] = [];
  for (let link = piles.at(-1); link !== undefined; link = link.before) chain.push(link.pair);
  return chain.reverse();
}

/** The first pile whose top is above a number. */
function pileFor(piles: readonly Link[], value: number): number {
  let [low, high] = [0, piles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((piles[middle]?.pair[1] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const KEYS = ['ip', 'address', 'start', 'name', 'dev', 'id', 'service', 'addr', 'domain', 'value'];

function identityOf(item: unknown): string {
  if (!isObject(item)) return JSON.stringify(item);
  const key = KEYS.find((name) => typeof item[name] === 'string' || typeof item[name] === 'number');
  return key === undefined ? JSON.stringify(item) : `${key}=${String(item[key])}`;
}
