import { type AnyTable, childTag, type Field } from '../../src/schema/element.js';
import type { GrammarPath } from './rng.js';

/** The step to what a field holds, as grammars name it. */
function stepOf({ place }: Field<unknown>): string {
  if (place.at === 'attribute') return `@${place.xml}`;
  const namespace = place.at === 'one' || place.at === 'many' ? place.table().namespace : undefined;
  return `${namespace === undefined ? '' : `{${namespace.uri}}`}${childTag(place)}`;
}

/** Whether a table, or one below it, reads what the steps name. */
export function isCovered(table: AnyTable, [first, ...rest]: GrammarPath): boolean {
  const field = Object.values(table.fields).find((one) => stepOf(one) === first);
  if (field === undefined || rest.length === 0) return field !== undefined;
  const { place } = field;
  return (place.at === 'one' || place.at === 'many') && isCovered(place.table(), rest);
}

/** The paths below a table that a grammar does not have, without what is below those. */
export function unknownPaths(table: AnyTable, path: GrammarPath, known: ReadonlySet<string>): string[] {
  return Object.values(table.fields).flatMap((field) => {
    const here = [...path, stepOf(field)];
    if (!known.has(here.join('/'))) return [here.join('/')];
    const { place } = field;
    return place.at === 'one' || place.at === 'many' ? unknownPaths(place.table(), here, known) : [];
  });
}
