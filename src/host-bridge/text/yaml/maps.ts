import { isCollection, isNode, isScalar, type Pair, type YAMLMap } from 'yaml';
import type { Splice } from '../splices.js';

/** What changes in a map. */
export interface MapChange {
  readonly drop: readonly string[];
  /** Keys that come, with `true`, `false`, a word or an empty list. */
  readonly add: Readonly<Record<string, boolean | string | readonly []>>;
}

const isDropped = ({ key }: Pair, { drop }: MapChange): boolean => isScalar(key) && drop.includes(String(key.value));

const startOf = ({ key }: Pair): number => (isNode(key) ? (key.range?.[0] ?? 0) : 0);

/** Where the text of a node ends: that of its last part, as comments after it are somebody else's. */
function endOf(node: unknown): number | undefined {
  if (!isNode(node)) return undefined;
  const last = isCollection(node) && !node.flow ? node.items.at(-1) : undefined;
  return (last === undefined ? undefined : endOfItem(last)) ?? node.range?.[1];
}

const endOfItem = (item: unknown): number | undefined => (isPair(item) ? endOfPair(item) : endOf(item));
const isPair = (item: unknown): item is Pair => typeof item === 'object' && item !== null && 'key' in item;
/** A value that is not there ends before its own key does. */
const endOfPair = ({ key, value }: Pair): number => Math.max(endOf(value) ?? 0, endOf(key) ?? 0);

const printed = ([key, value]: readonly [string, MapChange['add'][string]]): string =>
  `${key}: ${typeof value === 'object' ? '[]' : value}`;

/** Changes a map with a key in each line. Comments in lines of their own stay. */
export function changeBlock(source: string, map: YAMLMap, change: MapChange): readonly Splice[] {
  const [first] = map.items;
  const last = map.items.at(-1);
  if (first === undefined || last === undefined) return [];
  const dropped = map.items.filter((pair) => isDropped(pair, change)).map((pair) => withoutLines(source, pair));
  const end = lineEnd(source, endOfPair(last));
  const feed = source.includes('\r\n') ? '\r\n' : '\n';
  const indent = source.slice(lineStart(source, startOf(first)), startOf(first)).replace(/\S/g, ' ');
  const added = Object.entries(change.add).map((one) => `${indent}${printed(one)}${feed}`);
  const isOpen = source[end - 1] !== '\n' && !isDropped(last, change);
  return added.length === 0
    ? dropped
    : [...dropped, { from: end, to: end, text: (isOpen ? feed : '') + added.join('') }];
}

const lineStart = (source: string, offset: number): number => source.lastIndexOf('\n', offset - 1) + 1;

/** The offset after the line break that ends a line. */
function lineEnd(source: string, offset: number): number {
  if (offset > 0 && source[offset - 1] === '\n') return offset;
  const feed = source.indexOf('\n', offset);
  return feed === -1 ? source.length : feed + 1;
}

/** Takes the lines of a pair away, but for comments among them. */
function withoutLines(source: string, pair: Pair): Splice {
  const [from, to] = [lineStart(source, startOf(pair)), lineEnd(source, endOfPair(pair))];
  const comments = source.slice(from, to).match(/^[ \t]*#.*\n?/gm) ?? [];
  return { from, to, text: comments.join('') };
}

/** Changes a map in braces. */
export function changeFlow(map: YAMLMap, change: MapChange): readonly Splice[] {
  const { items } = map;
  const kept = items.findLastIndex((pair) => !isDropped(pair, change));
  const inside = items.slice(0, kept + 1).flatMap((pair, i): readonly Splice[] => {
    const next = items[i + 1];
    return next === undefined || !isDropped(pair, change) ? [] : [{ from: startOf(pair), to: startOf(next), text: '' }];
  });
  const added = Object.entries(change.add).map(printed).join(', ');
  const [before, last] = [items[kept], items.at(-1)];
  const from = before === undefined ? (map.range?.[0] ?? 0) + 1 : endOfPair(before);
  const to = last === undefined ? from : endOfPair(last);
  const text = before === undefined || added === '' ? added : `, ${added}`;
  return [...inside, { from, to, text }];
}
