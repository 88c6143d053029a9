import { addTo } from './match.js';

/** Sorts items into lists by a key, in their order. An item without a key is in none. */
export function groupedBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K | undefined): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) addTo(groups, key, item);
  }
  return groups;
}

/** The first item of each key. */
export function firstBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): ReadonlyMap<K, T> {
  const first = new Map<K, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!first.has(key)) first.set(key, item);
  }
  return first;
}

/** The items of all lists, each once, in the order in which they first occur. */
export function distinct<T>(lists: Iterable<Iterable<T>>): readonly T[] {
  const items = new Set<T>();
  for (const list of lists) for (const item of list) items.add(item);
  return [...items];
}
