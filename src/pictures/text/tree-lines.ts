import { clean } from './clean.js';
import { columns } from './columns.js';
import { shorten } from './fit.js';
import { WIDTH } from './terminal.js';

/** A line of a tree, with what belongs to it. */
export interface Branch {
  readonly text: string;
  readonly branches: readonly Branch[];
}

export const leaf = (text: string): Branch => ({ text, branches: [] });

/** Columns of a name, so that a line has room for what follows. */
const LONGEST_NAME = 40;

export const shortName = (text: string): string => shorten(text, LONGEST_NAME, columns);

/** Prints a tree of at most 100 columns. */
export const treeText = ({ text, branches }: Branch): string =>
  `${[clean(text), ...treeLines(branches)].map((line) => shorten(line, WIDTH, columns).trimEnd()).join('\n')}\n`;

const treeLines = (branches: readonly Branch[]): string[] =>
  branches.flatMap(({ text, branches: below }, i) => {
    const edge = i === branches.length - 1 ? '    ' : '|   ';
    return [`+-- ${clean(text)}`, ...treeLines(below).map((line) => edge + line)];
  });
