/**
 * Calls a function for each line of a text, without the sign at its end, with its number from 1, until the function
 * returns false. A list of all lines would cost more than the lines themselves in a long text.
 */
export function eachLine(source: string, visit: (text: string, line: number) => unknown): void {
  let line = 1;
  for (let from = 0; from <= source.length; line++) {
    const found = source.indexOf('\n', from);
    const end = found === -1 ? source.length : found;
    const last = found !== -1 && source[end - 1] === '\r' && end > from ? end - 1 : end;
    if (visit(source.slice(from, last), line) === false) return;
    from = end + 1;
  }
}
