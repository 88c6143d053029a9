import { graphemes } from './graphemes.js';

/** Measures a text, in any unit. The width of a text is the sum of the widths of its parts. */
export type Measure = (text: string) => number;

/** Shortens a text to a width and ends it with an ellipsis; a text that fits stays as it is. */
export function shorten(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  let room = width - measure('\u2026');
  let kept = '';
  for (const letter of graphemes(text)) {
    room -= measure(letter);
    if (room < 0) break;
    kept += letter;
  }
  return `${kept.trimEnd()}\u2026`;
}

/** Options for {@link wrap}. */
export interface WrapOptions {
  /** Width of a line. */
  readonly width: number;
  /** Lines at most; the last one is shortened. Default: as many as the text needs. */
  readonly lines?: number;
  readonly measure: Measure;
}

/** Breaks a text into lines: after blanks, within words that are wider than a line after punctuation, and elsewhere only where nothing else helps. */
export function wrap(text: string, { width, lines = Number.POSITIVE_INFINITY, measure }: WrapOptions): string[] {
  const wrapped: string[] = [];
  let [line, room] = ['', width];
  for (const piece of piecesOf(text, width, measure)) {
    if (line !== '' && measure(piece.trimEnd()) > room) {
      wrapped.push(line);
      [line, room] = ['', width];
    }
    line += piece;
    room -= measure(piece);
  }
  if (line.trim() !== '' || wrapped.length === 0) wrapped.push(line);
  const whole = wrapped.map((one) => one.trim());
  if (whole.length <= lines) return whole;
  // Put together as it was: a word that was broken gets no blank.
  const rest = wrapped
    .slice(lines - 1)
    .join('')
    .trim();
  return [...whole.slice(0, lines - 1), shorten(rest, width, measure)];
}

/** What may be on a line of its own: words, parts of words too wide for a line, and letters of parts too wide for one. */
function piecesOf(text: string, width: number, measure: Measure): string[] {
  const split = (piece: string, into: (piece: string) => string[]) => (measure(piece) <= width ? [piece] : into(piece));
  return text
    .split(/(?<=\s)(?!\s)/)
    .flatMap((word) => split(word, (one) => one.split(/(?<=[:/,._-])(?![:/,._-])/)))
    .flatMap((part) => split(part, graphemes));
}
