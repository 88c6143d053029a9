import type { YamlEntry, YamlMap, YamlPart } from '../text/yaml/read.js';
import { readYaml } from '../text/yaml/read.js';
import type { ReadContext, SourceFile } from './context.js';
import { checkNetplan } from './netplan-keys.js';

/** A place in one of the files. */
export interface Place {
  readonly file: SourceFile;
  readonly line: number;
}

/** All files of netplan as one, and where each value comes from. */
export interface NetplanFiles {
  readonly value: unknown;
  readonly placeOf: (path: readonly string[]) => Place | undefined;
}

const baseName = ({ path }: SourceFile): string => path.slice(path.lastIndexOf('/') + 1);

/** Reads files as netplan does: sorted by name, the later ones adding to the earlier ones. */
export function readNetplanFiles(files: readonly SourceFile[], context: ReadContext): NetplanFiles {
  const sorted = [...files].sort((a, b) => (baseName(a) < baseName(b) ? -1 : 1));
  const all: MergedMap = { kind: 'map', entries: new Map() };
  for (const file of sorted) {
    const part = partOf(file, context);
    if (part !== undefined) addEntries(part, file, all);
  }
  return { value: plain(all), placeOf: (path) => placeIn(all, path) };
}

function partOf(file: SourceFile, { refuse, leaveOut }: ReadContext): YamlMap | undefined {
  const read = readYaml(file.content);
  if ('flaw' in read) return refuse(file, read.flaw.line, read.flaw.message);
  if (read.further !== undefined) leaveOut(file, read.further, 'all that comes after the first document');
  return checkNetplan(read.part, (line, why) => refuse(file, line, why));
}

/** What several files say together. */
type Merged = MergedMap | MergedList | { readonly kind: 'text'; readonly text: string };

interface MergedMap {
  readonly kind: 'map';
  readonly entries: Map<string, { value: Merged; readonly place: Place }>;
}

interface MergedList {
  readonly kind: 'list';
  readonly items: { readonly value: Merged; readonly place: Place }[];
  /** Items that are there already. */
  readonly known: Set<string>;
}

/** Maps are put together, in one file as well; lists grow by what is new; of other values the last one counts. */
function addEntries({ entries }: YamlMap, file: SourceFile, into: MergedMap): void {
  for (const entry of entries) addEntry(entry, file, into);
}

function addEntry({ key, line, value }: YamlEntry, file: SourceFile, into: MergedMap): void {
  const before = into.entries.get(key);
  if (before?.value.kind === 'map' && value.kind === 'map') addEntries(value, file, before.value);
  else if (before?.value.kind === 'list' && value.kind === 'list') addItems(value.items, file, before.value);
  else into.entries.set(key, { value: merged(value, file), place: { file, line } });
}

function addItems(items: readonly YamlPart[], file: SourceFile, into: MergedList): void {
  for (const item of items) {
    const value = merged(item, file);
    const text = JSON.stringify(plain(value));
    if (into.known.has(text)) continue;
    into.known.add(text);
    into.items.push({ value, place: { file, line: item.line } });
  }
}

function merged(part: YamlPart, file: SourceFile): Merged {
  if (part.kind === 'text') return part;
  if (part.kind === 'map') {
    const map: MergedMap = { kind: 'map', entries: new Map() };
    addEntries(part, file, map);
    return map;
  }
  const list: MergedList = { kind: 'list', items: [], known: new Set() };
  addItems(part.items, file, list);
  return list;
}

/** The same as plain data. */
function plain(part: Merged): unknown {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'list') return part.items.map(({ value }) => plain(value));
  return Object.fromEntries([...part.entries].map(([key, { value }]) => [key, plain(value)]));
}

/** The place of the value that a path leads to, as far as it leads. */
function placeIn(all: MergedMap, path: readonly string[]): Place | undefined {
  let [part, place]: [Merged | undefined, Place | undefined] = [all, undefined];
  for (const key of path) {
    const next: { readonly value: Merged; readonly place: Place } | undefined =
      part?.kind === 'map' ? part.entries.get(key) : part?.kind === 'list' ? part.items[Number(key)] : undefined;
    if (next === undefined) return place;
    [part, place] = [next.value, next.place];
  }
  return place;
}
