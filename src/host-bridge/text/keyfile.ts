import { cNumber } from '../read/values.js';
import { eachLine } from './lines.js';
import type { ReadSection, ReadSetting } from './sections.js';

/** A line that makes the whole file unreadable. */
export interface KeyfileFlaw {
  /** From 1. */
  readonly line: number;
  readonly why: string;
}

/** A keyfile taken apart, or the first line that GLib stops at. */
export type ReadKeyfile = { readonly sections: readonly ReadSection[] } | { readonly flaw: KeyfileFlaw };

/**
 * Reads a file as GLib does: only `#` begins a comment, no line goes on in the next, values keep the blanks at their
 * ends, and a line that is not an assignment makes the file unreadable.
 */
export function readKeyfile(source: string): ReadKeyfile {
  const sections: { readonly name: string; readonly settings: ReadSetting[] }[] = [];
  let flaw: KeyfileFlaw | undefined;
  eachLine(source, (raw, line) => {
    const text = raw.trimStart();
    if (text === '' || text.startsWith('#')) return;
    const name = /^\[([^\]]+)\]\s*$/.exec(text)?.[1];
    const current = sections.at(-1);
    if (name !== undefined) sections.push({ name, settings: [] });
    else if (current === undefined) flaw = { line, why: 'a line before the first group' };
    else {
      const setting = settingIn(text, line);
      if (setting === undefined) flaw = { line, why: 'neither a setting, nor a group, nor a comment with #' };
      else current.settings.push(setting);
    }
    return flaw === undefined;
  });
  return flaw === undefined ? { sections } : { flaw };
}

function settingIn(text: string, line: number): ReadSetting | undefined {
  const at = text.indexOf('=');
  const key = text.slice(0, Math.max(at, 0)).trimEnd();
  return key === '' ? undefined : { key, value: unescaped(text.slice(at + 1).trimStart()), line };
}

const ESCAPES: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };

/** An escaped semicolon stays as it is: it separates no items of a list. */
const unescaped = (value: string): string =>
  value.includes('\\') ? value.replace(/\\([sntr\\])/g, (whole, letter: string) => ESCAPES[letter] ?? whole) : value;

/** The items of a list, each ended by a semicolon but for the last. */
export function keyfileItems(value: string): readonly string[] {
  const items = value.split(/(?<!\\);/);
  if (items.at(-1) === '') items.pop();
  return value.includes('\\;') ? items.map((item) => item.replaceAll('\\;', ';')) : items;
}

/** A truth value: GLib knows no other words. */
export const keyfileTruth = (text: string): boolean | undefined =>
  ({ true: true, '1': true, false: false, '0': false })[text.trimEnd()];

/** A whole number, with or without blanks at its end. */
export const keyfileNumber = (text: string): number | undefined => cNumber(text.trimEnd());

/** A whole number of 0 up to a most: NetworkManager drops what is beyond the bounds of a property. */
export const keyfileNumberTo =
  (most: number) =>
  (text: string): number | undefined => {
    const number = keyfileNumber(text);
    return number !== undefined && number >= 0 && number <= most ? number : undefined;
  };
