import type { AnyTable } from '../src/schema/element.js';

/** The paths of all properties of a format that have a value of their own, such as `ips[].address`. */
export function pathsOf(table: AnyTable, prefix = ''): string[] {
  return Object.entries(table.fields).flatMap(([name, { place }]) => {
    const path = `${prefix}${name}`;
    if (place.at === 'one') return pathsOf(place.table(), `${path}.`);
    if (place.at === 'many') return pathsOf(place.table(), `${path}[].`);
    return place.at === 'leaves' ? `${path}[]` : path;
  });
}
