/**
 * Reads a table of virsh by where its headings begin, so that values may hold blanks and look like other columns.
 * In the C locale virsh writes what is not printable ASCII as `\xff`, so one character is one column.
 *
 * @param text - what virsh printed, with headings
 * @param headings - those of the columns, in their order
 * @returns one list of values a row, or nothing when the headings are not those
 */
export function readTable(text: string, headings: readonly string[]): string[][] | undefined {
  const [head = '', , ...lines] = text.split('\n');
  const starts = headings.map((heading) => head.indexOf(heading));
  if (starts.some((start, i) => start <= (starts[i - 1] ?? -1))) return undefined;
  // A table ends with an empty line.
  const rows = lines.slice(0, lines.indexOf(''));
  return rows.map((row) => starts.map((start, i) => row.slice(start, starts[i + 1]).trimEnd()));
}

/** Reads what `net-info` prints: a label and, from the 17th column on, its value. */
export function readLabels(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(0, VALUE_COLUMN).trimEnd(), line.slice(VALUE_COLUMN)]));
}

const VALUE_COLUMN = 16;
