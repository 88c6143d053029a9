import { clean } from '../text/clean.js';
import { columns } from '../text/columns.js';
import { wrap } from '../text/fit.js';

/** Lines one level deeper. */
export const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** A node is as wide as its longest line: longer ones are wrapped, and what is longer still is shortened. */
const LABEL = { width: 48, lines: 4, measure: columns };

/** Lines of a label, without characters that a picture must not hold. */
export const labelLines = (lines: readonly string[]): string[] => lines.flatMap((line) => wrap(clean(line), LABEL));
