/** A JSON value. Whole numbers beyond 53 bits are bigints: OVSDB has integers of 64 bits. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [name: string]: Json };

/** Marks a number in a text of its own. OVSDB refuses NUL in texts, so no text of a message begins so. */
const MARK = '\0n';

/** Prints a value as one line. Its texts must have no NUL. */
export function printJson(value: Json): string {
  let hasBigint = false;
  const text = JSON.stringify(value, (_, one: unknown) => {
    if (typeof one !== 'bigint') return one;
    hasBigint = true;
    return `${MARK}${one}`;
  });
  return hasBigint ? text.replace(/"\\u0000n(-?\d+)"/g, '$1') : text;
}

/**
 * Reads a JSON text.
 *
 * @param hasLongNumbers - true if some number may have more digits than a JavaScript number can hold
 * @throws SyntaxError for what is not JSON
 */
export function readJson(text: string, hasLongNumbers: boolean): Json {
  if (!hasLongNumbers) return JSON.parse(text);
  return JSON.parse(markLongNumbers(text), (_, one: unknown) =>
    typeof one === 'string' && MARKED.test(one) ? numberIn(one.slice(MARK.length)) : one,
  );
}

const MARKED = /^\0n-?\d+$/;

const numberIn = (digits: string): number | bigint =>
  Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);

/** Puts whole numbers of 16 digits and more into texts with a mark. */
function markLongNumbers(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; ) {
    if (text[at] === '"') {
      at = endOfText(text, at);
      continue;
    }
    const digits = longNumberAt(text, at);
    if (digits !== '') {
      parts.push(text.slice(from, at), `"\\u0000n${digits}"`);
      from = at + digits.length;
    }
    at += digits.length || 1;
  }
  return [...parts, text.slice(from)].join('');
}

function longNumberAt(text: string, at: number): string {
  if (!'-0123456789'.includes(text.charAt(at))) return '';
  LONG_NUMBER.lastIndex = at;
  return LONG_NUMBER.exec(text)?.[0] ?? '';
}

/** A number that goes on with a fraction or an exponent is left as it is. */
const LONG_NUMBER = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/y;

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
