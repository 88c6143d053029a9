import type { Vocabulary } from '../xml/typo-hints.js';
import { type AnyTable, childTag } from './element.js';

/** Visits a table and every table below it once. */
export function eachTable(root: AnyTable, visit: (table: AnyTable) => void, seen = new Set<AnyTable>()): void {
  if (seen.has(root)) return;
  seen.add(root);
  visit(root);
  for (const { place } of Object.values(root.fields)) {
    if (place.at === 'one' || place.at === 'many') eachTable(place.table(), visit, seen);
  }
}

/** The names of attributes that an element may have. */
export const attributesOf = (table: AnyTable): string[] =>
  Object.values(table.fields).flatMap(({ place }) => (place.at === 'attribute' ? [place.xml] : []));

/** The names of elements that may stand in an element. */
export const childrenOf = (table: AnyTable): string[] =>
  Object.values(table.fields).flatMap(({ place }) => childTag(place) ?? []);

/** Every element name with the attributes it may have anywhere. */
export function vocabularyOf(root: AnyTable): Vocabulary {
  const words: Record<string, string[]> = {};
  eachTable(root, (table) => {
    words[table.tag] = [...(words[table.tag] ?? []), ...attributesOf(table)];
    for (const child of childrenOf(table)) words[child] ??= [];
  });
  return words;
}

/** The elements that may hold an element of this name. */
export function parentsOf(root: AnyTable, tag: string): string[] {
  const parents = new Set<string>();
  eachTable(root, (table) => {
    if (childrenOf(table).includes(tag)) parents.add(table.tag);
  });
  return [...parents];
}
