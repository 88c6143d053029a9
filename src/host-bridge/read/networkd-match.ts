import { addTo } from '../../lists/match.js';
import type { SectionFile } from './setting-tracker.js';
import { wordsOf } from './values.js';

/** Which devices a `.network` file is for, by their names. */
export interface DeviceMatch {
  /** Names that are written out. */
  readonly names: readonly string[];
  /** Texts that one of the names which match begins with, some many times; an empty one stands for any. */
  readonly beginnings: readonly string[];
  /** False where it is not known what else the file matches. */
  readonly isExact: boolean;
  readonly matches: (name: string, kind: string | undefined) => boolean;
}

const GLOB = /[*?[]/;
/** Longer names are none of the kernel's, and short ones keep the patterns quick. */
const LONGEST = 15;

/** Reads the `[Match]` of a file; `undefined` without one, and then the file is for nothing. */
export function matchOf(file: SectionFile): DeviceMatch | undefined {
  const match = file.section('Match');
  if (match.isEmpty) return undefined;
  const words = match.many((text) => wordsOf(text), 'Name').flat();
  const kinds = new Set(match.many((text) => wordsOf(text), 'Kind').flat());
  const isInverse = words[0]?.startsWith('!') ?? false;
  const patterns = isInverse ? [(words[0] ?? '').slice(1), ...words.slice(1)] : words;
  const fits = patternTest(patterns);
  const names = isInverse ? [] : patterns.filter((pattern) => !GLOB.test(pattern));
  return {
    names,
    beginnings: isInverse || patterns.length === 0 ? [''] : patterns.map(beginningOf),
    isExact: patterns.length > 0 && names.length === patterns.length,
    matches: (name, kind) =>
      (patterns.length > 0 || kinds.size > 0) &&
      (patterns.length === 0 || fits(name) !== isInverse) &&
      (kinds.size === 0 || (kind !== undefined && kinds.has(kind))),
  };
}

/** The part of a pattern before its first sign. */
const beginningOf = (pattern: string): string => pattern.slice(0, pattern.search(/[*?[]|$/));

/** Everything that a name begins with, the empty text first. */
const beginningsOf = (name: string): readonly string[] =>
  Array.from({ length: Math.min(name.length, LONGEST) + 1 }, (_, length) => name.slice(0, length));

/** Tells whether a name matches one of the patterns. Only those are tried that begin as the name does. */
function patternTest(patterns: readonly string[]): (name: string) => boolean {
  const all = new Set(patterns);
  const globs = new Map<string, string[]>();
  for (const pattern of all) if (GLOB.test(pattern)) addTo(globs, beginningOf(pattern), pattern);
  const tests = new Map<string, (name: string) => boolean>();
  const matches = (pattern: string, name: string): boolean => {
    const test = tests.get(pattern) ?? globOf(pattern);
    tests.set(pattern, test);
    return test(name);
  };
  return (name) =>
    (all.has(name) && !GLOB.test(name)) ||
    (globs.size > 0 &&
      name.length <= LONGEST &&
      beginningsOf(name).some((text) => globs.get(text)?.some((pattern) => matches(pattern, name))));
}

/** A file and what it matches. */
export interface MatchingFile {
  readonly file: SectionFile;
  readonly match: DeviceMatch;
}

/** Returns a function that finds the first of the files that match a device: that is the one that counts. */
export function firstMatch(
  files: readonly MatchingFile[],
): (name: string, kind: string | undefined) => SectionFile | undefined {
  const byBeginning = new Map<string, number[]>();
  files.forEach(({ match }, i) => {
    for (const text of match.beginnings) if (byBeginning.get(text)?.at(-1) !== i) addTo(byBeginning, text, i);
  });
  return (name, kind) => {
    const firsts = beginningsOf(name).flatMap((text) => {
      const found = byBeginning.get(text)?.find((i) => files[i]?.match.matches(name, kind));
      return found ?? [];
    });
    return firsts.length === 0 ? undefined : files[Math.min(...firsts)]?.file;
  };
}

/** A pattern of the shell: `*`, `?` and `[...]`. */
function globOf(pattern: string): (name: string) => boolean {
  const text = pattern.replace(/\*+/g, '*').replace(/\[[!^]?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length === 1) return part.replace(/[\\^$.|+(){}[\]/]/, '\\$&');
    return part.replace(/\\/g, '\\\\').replace(/^\[[!^]/, '[^');
  });
  const expression = expressionOf(text);
  return (name) => expression?.test(name) ?? name === pattern;
}

/** A range such as `[z-a]` matches nothing. */
function expressionOf(text: string): RegExp | undefined {
  try {
    return new RegExp(`^${text}$`);
  } catch {
    return undefined;
  }
}
