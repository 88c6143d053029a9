import { isRecord } from '../../schema/values.js';
import { type ReadYaml, readYaml } from '../text/read-yaml.js';
import type { ReadContext, SourceFile } from './context.js';
import { checkNetplan } from './netplan-keys.js';

/** A file of netplan that was read. */
export interface NetplanFile {
  readonly file: SourceFile;
  readonly yaml: ReadYaml;
}

/** A place in one of the files. */
export interface Place {
  readonly file: SourceFile;
  readonly line: number;
}

/** All files of netplan as one, and where each value comes from. */
export interface NetplanFiles {
  readonly value: unknown;
  readonly files: readonly NetplanFile[];
  readonly placeOf: (path: readonly string[]) => Place | undefined;
}

const baseName = ({ path }: SourceFile): string => path.slice(path.lastIndexOf('/') + 1);

/** Reads files as netplan does: sorted by name, the later ones adding to the earlier ones. */
export function readNetplanFiles(files: readonly SourceFile[], context: ReadContext): NetplanFiles {
  const sorted = [...files].sort((a, b) => (baseName(a) < baseName(b) ? -1 : 1));
  const read = sorted.map((file) => ({ file, yaml: parsed(file, context) }));
  const origins: Origins = new Map();
  const value = read.reduce<unknown>(
    (all, { file, yaml }) => merged(all, yaml.value, { file, yaml, path: [] }, [], origins),
    {},
  );
  return { value, files: read, placeOf: (path) => placeIn(origins, path) };
}

function parsed(file: SourceFile, { refuse }: ReadContext): ReadYaml {
  const yaml = readYaml(file.content);
  const [flaw] = yaml.flaws;
  if (flaw !== undefined) return refuse(file, flaw.line, flaw.message);
  checkNetplan(yaml, (line, why) => refuse(file, line, why));
  return yaml;
}

type Path = readonly (string | number)[];

/** Where a value stands in its own file: lists grow, so an item has another place there. */
interface Origin extends NetplanFile {
  readonly path: Path;
}

type Origins = Map<string, Origin>;
const keyOf = (path: Path): string => path.join('\0');
const below = (origin: Origin, key: string | number): Origin => ({ ...origin, path: [...origin.path, key] });

/** Maps are put together, lists grow by what is new, and of other values the last one counts. */
function merged(a: unknown, b: unknown, origin: Origin, path: Path, origins: Origins): unknown {
  if (Array.isArray(a) && Array.isArray(b)) return grown(a, b, origin, path, origins);
  if (isRecord(a) && isRecord(b)) {
    const entries = Object.entries(b).map(([key, item]) => {
      const known = Object.hasOwn(a, key) ? a[key] : undefined;
      return [key, merged(known, item, below(origin, key), [...path, key], origins)];
    });
    return { ...a, ...Object.fromEntries(entries) };
  }
  if (b === undefined) return a;
  origins.set(keyOf(path), origin);
  return b;
}

function grown(
  a: readonly unknown[],
  b: readonly unknown[],
  origin: Origin,
  path: Path,
  origins: Origins,
): readonly unknown[] {
  const known = new Set(a.map((item) => JSON.stringify(item)));
  const all = [...a];
  b.forEach((item, i) => {
    if (known.has(JSON.stringify(item))) return;
    origins.set(keyOf([...path, all.length]), below(origin, i));
    all.push(item);
  });
  return all;
}

/** The nearest value that was put in as a whole, and the way from there. */
function placeIn(origins: Origins, path: readonly string[]): Place | undefined {
  for (let length = path.length; length >= 0; length--) {
    const origin = origins.get(keyOf(path.slice(0, length)));
    if (origin === undefined) continue;
    return { file: origin.file, line: origin.yaml.lineOf([...origin.path, ...path.slice(length)]) };
  }
  return undefined;
}
