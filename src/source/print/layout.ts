/** The longest line, unless a single text is longer. */
const WIDTH = 120;

/** Where a piece of code begins, and what comes after it on its last line. */
export interface Position {
  /** Blanks before the line. */
  readonly indent: number;
  /** Column of the first character. */
  readonly column: number;
  /** Number of characters that follow on the last line, such as a comma. */
  readonly after: number;
}

/** Tells whether a text fits on the line. */
export const fits = (text: string, { column, after }: Position): boolean => column + text.length + after <= WIDTH;

/** The position of an item on a line of its own, one step further in, with a comma after it. */
export const inside = ({ indent }: Position): Position => ({ indent: indent + 2, column: indent + 2, after: 1 });

/** Items on lines of their own between brackets. */
export const onLines = (open: string, items: readonly string[], close: string, { indent }: Position): string =>
  [open, ...items.map((item) => `${' '.repeat(indent + 2)}${item},`), `${' '.repeat(indent)}${close}`].join('\n');
