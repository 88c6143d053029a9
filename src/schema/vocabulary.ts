import { addTo } from '../lists/match.js';
import type { Vocabulary } from '../xml/typo-hints.js';
import { type AnyTable, childTag } from './element.js';

/** The words of a table. */
export interface Words {
  /** The names of attributes that the element may have. */
  readonly attributes: readonly string[];
  /** The names of elements that may stand in the element. */
  readonly children: readonly string[];
}

/** The words of a format. */
export interface Format {
  /** The words of all elements of a name together. */
  readonly named: ReadonlyMap<string, Words>;
  /** The elements that may hold an element of a name. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** The names of all elements below the root. */
  readonly elements: readonly string[];
}

const formats = new WeakMap<AnyTable, Format>();

/** Returns the words of a format. A broken document can ask very often, so they are collected once. */
export function formatOf(root: AnyTable): Format {
  const known = formats.get(root) ?? collect(root);
  formats.set(root, known);
  return known;
}

function collect(root: AnyTable): Format {
  const named = new Map<string, Words>();
  const parents = new Map<string, string[]>();
  eachTable(root, (table) => {
    const words = wordsOf(table);
    named.set(table.tag, both(named.get(table.tag), words));
    for (const child of words.children) if (!parents.get(child)?.includes(table.tag)) addTo(parents, child, table.tag);
  });
  return { named, parents, elements: [...parents.keys()] };
}

const both = (one: Words | undefined, other: Words): Words => ({
  attributes: [...(one?.attributes ?? []), ...other.attributes],
  children: [...(one?.children ?? []), ...other.children],
});

const wordsOf = ({ fields }: AnyTable): Words => ({
  attributes: Object.values(fields).flatMap(({ place }) => (place.at === 'attribute' ? [place.xml] : [])),
  children: Object.values(fields).flatMap(({ place }) => childTag(place) ?? []),
});

/** Visits a table and every table below it once. */
export function eachTable(root: AnyTable, visit: (table: AnyTable) => void, seen = new Set<AnyTable>()): void {
  if (seen.has(root)) return;
  seen.add(root);
  visit(root);
  for (const { place } of Object.values(root.fields)) {
    if (place.at === 'one' || place.at === 'many') eachTable(place.table(), visit, seen);
  }
}

/** Every element name with the attributes it may have anywhere. */
export function vocabularyOf(root: AnyTable): Vocabulary {
  const { named, parents } = formatOf(root);
  const words: Record<string, readonly string[]> = {};
  for (const [tag, { attributes }] of named) words[tag] = attributes;
  for (const child of parents.keys()) words[child] ??= [];
  return words;
}
