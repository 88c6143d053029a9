import { type AnyTable, childTag } from '../element.js';
import { pathKeys } from '../path.js';
import type { AnyFound } from './context.js';

/** Compares findings by where libvirt would print what they are about; attributes stand before children. */
export function documentOrder(table: AnyTable): (a: AnyFound, b: AnyFound) => number {
  const places = new Map<string, readonly number[]>();
  const placeOf = (path: string): readonly number[] => {
    const known = places.get(path) ?? numbersOf(table, path);
    places.set(path, known);
    return known;
  };
  return (a, b) => compare(placeOf(a.path), placeOf(b.path));
}

function numbersOf(root: AnyTable, path: string): number[] {
  let table: AnyTable | undefined = root;
  return pathKeys(path).map((key) => {
    if (typeof key === 'number') return key;
    const names = Object.keys(table?.fields ?? {});
    const place: AnyTable['fields'][string]['place'] | undefined = table?.fields[key]?.place;
    table = place?.at === 'one' || place?.at === 'many' ? place.table() : undefined;
    return names.indexOf(key) + (place !== undefined && childTag(place) !== undefined ? names.length : 0);
  });
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
