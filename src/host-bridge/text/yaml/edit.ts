import {
  Composer,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  type Pair,
  Parser,
  visit,
  type YAMLMap,
} from 'yaml';
import { addTo } from '../../../lists/match.js';
import { type Splice, spliced } from '../splices.js';
import { changeBlock, changeFlow, type MapChange } from './maps.js';

/** Changes to a YAML text, by the paths of its maps. */
export interface YamlEditor {
  readonly has: (path: readonly string[]) => boolean;
  /** Takes keys away from a map, with what is below them, and adds others at its end. */
  readonly change: (path: readonly string[], change: MapChange) => void;
}

/**
 * Changes a YAML text: lines that are not concerned stay as they are, with their indentation and comments. Where a text
 * has aliases, these are written out, as a change is for one place, and the text is laid out again.
 */
export function editYaml(source: string, change: (editor: YamlEditor) => void): string {
  const document = documentOf(source);
  if (document === undefined) return source;
  const find = finder(document);
  const splices: Splice[] = [];
  const others: (() => void)[] = [];
  const isPlain = !hasAliases(document);
  change({
    has: (path) => find(path).length > 0,
    change: (path, one) => {
      const maps = find(path);
      if (isPlain) splices.push(...maps.flatMap((map) => splicesOf(source, map, one)));
      else others.push(() => changeNodes(document, path, one));
    },
  });
  if (isPlain) return spliced(source, splices);
  return others.length === 0 ? source : laidOut(document, others, source);
}

function documentOf(source: string): Document.Parsed | undefined {
  const composer = new Composer({ schema: 'core', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const [document] = composer.compose(new Parser().parse(source), true, source.length);
  return document;
}

const splicesOf = (source: string, map: YAMLMap, change: MapChange): readonly Splice[] =>
  map.flow === true ? changeFlow(map, change) : changeBlock(source, map, change);

function hasAliases(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/** Returns a function that finds the maps at a path: several where keys are there twice. */
function finder(document: Document): (path: readonly string[]) => readonly YAMLMap[] {
  const known = new WeakMap<YAMLMap, ReadonlyMap<string, readonly Pair[]>>();
  const anchors = anchorsIn(document);
  const keysOf = (map: YAMLMap): ReadonlyMap<string, readonly Pair[]> => {
    const pairs = known.get(map) ?? pairsByKey(map);
    known.set(map, pairs);
    return pairs;
  };
  const mapsAt = (node: unknown): readonly YAMLMap[] => {
    const meant = isAlias(node) ? anchors.get(node.source) : node;
    return isMap(meant) ? [meant] : [];
  };
  return (path) =>
    path.reduce<readonly YAMLMap[]>(
      (maps, key) => maps.flatMap((map) => (keysOf(map).get(key) ?? []).flatMap(({ value }) => mapsAt(value))),
      mapsAt(document.contents),
    );
}

function pairsByKey(map: YAMLMap): ReadonlyMap<string, readonly Pair[]> {
  const pairs = new Map<string, Pair[]>();
  for (const pair of map.items) if (isScalar(pair.key)) addTo(pairs, String(pair.key.value), pair);
  return pairs;
}

function anchorsIn(document: Document): Map<string, unknown> {
  const anchors = new Map<string, unknown>();
  visit(document, {
    Node: (_, node) => {
      if ('anchor' in node && node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return anchors;
}

/** Writes out aliases, changes the nodes and prints them; what comes after the first document stays. */
function laidOut(document: Document.Parsed, changes: readonly (() => void)[], source: string): string {
  const rest = source.slice(document.range[2]);
  writeOutAliases(document);
  for (const one of changes) one();
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }) + rest;
}

function writeOutAliases(document: Document): void {
  const anchors = new Map<string, unknown>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const meant = anchors.get(node.source);
        const copy: unknown = isNode(meant) ? meant.clone() : undefined;
        return isNode(copy) ? withoutAnchor(copy) : undefined;
      }
      if ('anchor' in node && node.anchor !== undefined) anchors.set(node.anchor, node);
      withoutAnchor(node);
      return undefined;
    },
  });
}

function withoutAnchor<T>(node: T): T {
  if (isScalar(node) || isCollection(node)) delete node.anchor;
  return node;
}

function changeNodes(document: Document, path: readonly string[], { drop, add }: MapChange): void {
  for (const map of finder(document)(path)) {
    map.items = map.items.filter(({ key }) => !(isScalar(key) && drop.includes(String(key.value))));
    for (const [key, value] of Object.entries(add))
      map.set(key, document.createNode(value, { flow: Array.isArray(value) }));
  }
}
