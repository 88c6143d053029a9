import { type ReadSection, readSections } from '../text/sections.js';
import type { ReadContext, SourceFile } from './context.js';
import { SectionFile } from './setting-tracker.js';
import { wordsOf } from './values.js';

/** Folders that systemd reads, the one that counts first. */
const FOLDERS = ['/etc/', '/run/', '/usr/local/lib/', '/usr/lib/', '/lib/'];

const rankOf = (path: string): number => {
  const rank = FOLDERS.findIndex((folder) => path.startsWith(folder));
  return rank === -1 ? FOLDERS.length : rank;
};

const DROP_IN = /(?:^|\/)([^/]+\.(?:network|netdev))\.d\/([^/]+\.conf)$/;
/** The name of the file that a drop-in adds to. */
export const unitOfDropIn = (path: string): string | undefined => DROP_IN.exec(path)?.[1];

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const byName = (a: SourceFile, b: SourceFile): number => (nameOf(a.path) < nameOf(b.path) ? -1 : 1);

/** Of files with one name, only that in the first folder counts. */
function effective(files: readonly SourceFile[], keyOf: (path: string) => string): readonly SourceFile[] {
  const byKey = new Map<string, SourceFile>();
  for (const file of [...files].sort((a, b) => rankOf(b.path) - rankOf(a.path))) byKey.set(keyOf(file.path), file);
  return [...byKey.values()].sort(byName);
}

/** The `.netdev` and `.network` files in the order in which systemd reads them, each with its drop-ins. */
export function readUnits(
  files: readonly SourceFile[],
  context: Pick<ReadContext, 'leaveOut'>,
): readonly SectionFile[] {
  const dropIns = effective(
    files.filter(({ path }) => DROP_IN.test(path)),
    (path) => DROP_IN.exec(path)?.slice(1).join('/') ?? path,
  );
  const units = files.filter(({ path }) => /\.(?:netdev|network)$/.test(path));
  const sections = (file: SourceFile): readonly ReadSection[] =>
    readSections(file.content, (line) => context.leaveOut(file, line, 'a line that is not a setting'));
  return effective(units, nameOf).map((file) => {
    const own = dropIns.filter(({ path }) => DROP_IN.exec(path)?.[1] === nameOf(file.path));
    const additions = own.map((one) => ({ file: one, sections: sections(one) }));
    return new SectionFile(file, sections(file), additions);
  });
}

/** Which devices a `.network` file is for, by their names. */
export interface DeviceMatch {
  /** Names that are written out. */
  readonly names: readonly string[];
  /** False where it is not known what else the file matches. */
  readonly isExact: boolean;
  readonly matches: (name: string, kind: string | undefined) => boolean;
}

const GLOB = /[*?[]/;

/** Reads the `[Match]` of a file; `undefined` without one, and then the file is for nothing. */
export function matchOf(file: SectionFile): DeviceMatch | undefined {
  const match = file.section('Match');
  if (match.isEmpty) return undefined;
  const patterns = match.many((text) => wordsOf(text), 'Name').flat();
  const kinds = match.many((text) => wordsOf(text), 'Kind').flat();
  const isInverse = patterns[0]?.startsWith('!') ?? false;
  const globs = patterns.map((pattern, i) => globOf(i === 0 && isInverse ? pattern.slice(1) : pattern));
  const names = isInverse ? [] : patterns.filter((pattern) => !GLOB.test(pattern));
  return {
    names,
    isExact: patterns.length > 0 && names.length === patterns.length,
    matches: (name, kind) =>
      (patterns.length > 0 || kinds.length > 0) &&
      (patterns.length === 0 || globs.some((glob) => glob(name)) !== isInverse) &&
      (kinds.length === 0 || (kind !== undefined && kinds.includes(kind))),
  };
}

/** Longer names are none of the kernel's, and short ones keep the patterns quick. */
const LONGEST = 15;

/** A pattern of the shell: `*`, `?` and `[...]`. */
function globOf(pattern: string): (name: string) => boolean {
  const text = pattern.replace(/\*+/g, '*').replace(/\[[!^]?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length === 1) return part.replace(/[\\^$.|+(){}[\]/]/, '\\$&');
    return part.replace(/\\/g, '\\\\').replace(/^\[[!^]/, '[^');
  });
  const expression = expressionOf(text);
  return (name) => name.length <= LONGEST && (expression?.test(name) ?? name === pattern);
}

/** A range such as `[z-a]` matches nothing. */
function expressionOf(text: string): RegExp | undefined {
  try {
    return new RegExp(`^${text}$`);
  } catch {
    return undefined;
  }
}
