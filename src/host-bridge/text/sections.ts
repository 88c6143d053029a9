import { eachLine } from './lines.js';

/** A line of a section: a key may occur many times. */
export type Setting = readonly [key: string, value: string | number | boolean | undefined];

/** A section with its settings. One without any is not printed. */
export interface Section {
  readonly name: string;
  readonly settings: readonly Setting[];
}

/** Makes a section; settings without a value are left out when it is printed. */
export const section = (name: string, ...settings: readonly Setting[]): Section => ({ name, settings });

/** Prints sections as systemd and NetworkManager read them. Values never hold line breaks: they are checked before. */
export function printSections(sections: readonly Section[]): string {
  const blocks = sections.flatMap(({ name, settings }) => {
    const lines = settings.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${String(value)}`]));
    return lines.length === 0 ? [] : [[`[${name}]`, ...lines].join('\n')];
  });
  return `${blocks.join('\n\n')}\n`;
}

/** A line of a file that was read, with its number. */
export interface ReadSetting {
  readonly key: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** A section that was read: repeated ones are kept apart. */
export interface ReadSection {
  readonly name: string;
  readonly settings: readonly ReadSetting[];
}

/**
 * Reads sections: comments begin with `#` or `;` in the first column after blanks, a backslash at the end of a line
 * goes on in the next.
 *
 * @param onStray - called with the number of every line that is none of these
 */
export function readSections(source: string, onStray: (line: number) => void): readonly ReadSection[] {
  const sections: { readonly name: string; readonly settings: ReadSetting[] }[] = [];
  eachJoinedLine(source, (text, line) => {
    const [, name] = /^\[([^\]]+)\]$/.exec(text) ?? [];
    const at = text.indexOf('=');
    const key = text.slice(0, Math.max(at, 0)).trimEnd();
    const current = sections.at(-1);
    if (name !== undefined) sections.push({ name, settings: [] });
    else if (key === '' || current === undefined) onStray(line);
    else current.settings.push({ key, value: text.slice(at + 1).trimStart(), line });
  });
  return sections;
}

/** A line without blanks at its ends, with those that go on from it. */
export interface Line {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** How a format marks comments. */
export interface CommentStyle {
  /** What a comment begins with, after blanks. */
  readonly mark: RegExp;
  /** True if a comment may stand between the parts of a broken line. */
  readonly isInside: boolean;
}

const SYSTEMD: CommentStyle = { mark: /^[#;]/, isInside: true };

/**
 * Calls a function for each line of a text that says something, with its number: no blank ones, no comments, broken ones
 * put together again. A list of all of them would take more room than the text itself.
 */
export function eachJoinedLine(
  source: string,
  visit: (text: string, line: number) => void,
  { mark, isInside }: CommentStyle = SYSTEMD,
): void {
  let open: { readonly parts: string[]; readonly line: number } | undefined;
  const close = (): void => {
    if (open !== undefined) visit(open.parts.join(' ').trim(), open.line);
    open = undefined;
  };
  eachLine(source, (raw, line) => {
    const text = raw.trim();
    const isComment = mark.test(text) && (open === undefined || isInside);
    if (isComment || (open === undefined && text === '')) return;
    const isBroken = text.endsWith('\\');
    if (open === undefined && !isBroken) return visit(text, line);
    open ??= { parts: [], line };
    open.parts.push((isBroken ? text.slice(0, -1) : text).trim());
    if (!isBroken) close();
  });
  close();
}
