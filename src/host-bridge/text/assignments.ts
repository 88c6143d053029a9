import { eachLine } from './lines.js';
import type { Line } from './sections.js';

/** An assignment in a shell file that contains nothing else. */
export interface Assignment {
  readonly key: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** A variable and its value. Without a value it is left out. */
export type Variable = readonly [key: string, value: string | number | undefined];

const BARE = /^[A-Za-z0-9_.:/,-]*$/;

/** Prints variables for files that a shell runs: what is more than a plain word stands in double quotes. */
export function printDouble(variables: readonly Variable[]): string {
  return print(variables, (value) => (BARE.test(value) ? value : `"${value.replace(/["\\$`]/g, '\\$&')}"`));
}

/** The same as wicked writes it: everything in single quotes. Values never hold one: they are checked before. */
export const printSingle = (variables: readonly Variable[]): string => print(variables, (value) => `'${value}'`);

function print(variables: readonly Variable[], quote: (value: string) => string): string {
  const lines = variables.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${quote(String(value))}\n`]));
  return lines.join('');
}

/**
 * Reads assignments without running them: words in single, double or no quotes. A line that needs a shell to be
 * understood is a stray one.
 */
export function readAssignments(source: string, onStray: (line: Line) => void): readonly Assignment[] {
  const assignments: Assignment[] = [];
  eachLine(source, (raw, line) => {
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) return;
    const [, key, rest = ''] = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(text) ?? [];
    const value = key === undefined ? undefined : unquoted(rest);
    if (key !== undefined && value !== undefined) assignments.push({ key, value, line });
    else onStray({ text, line });
  });
  return assignments;
}

/** What may follow a word: nothing, or a comment. */
const END = /^(?:\s*|\s+#.*)$/;
const SINGLE = /^'([^']*)'/;
const BARE_WORD = /^[^\s'"\\$`;&|<>()#]*/;
/** Where a shell puts the folder of the user. */
const HOME = /(?:^|:)~/;

function unquoted(text: string): string | undefined {
  if (text.startsWith('"')) return doubleQuoted(text);
  const [whole = '', value] = SINGLE.exec(text) ?? BARE_WORD.exec(text) ?? [];
  if (value === undefined && HOME.test(whole)) return undefined;
  return END.test(text.slice(whole.length)) ? (value ?? whole) : undefined;
}

/** Takes a word in double quotes piece by piece: one expression for all of a long word needs more room than the engine has. */
function doubleQuoted(text: string): string | undefined {
  const pieces = /([^"\\$`]+)|\\(["\\$`])/y;
  pieces.lastIndex = 1;
  let value = '';
  let end = 1;
  for (let piece = pieces.exec(text); piece !== null; piece = pieces.exec(text)) {
    value += piece[1] ?? piece[2] ?? '';
    end = pieces.lastIndex;
  }
  return text[end] === '"' && END.test(text.slice(end + 1)) ? value : undefined;
}
