import type { XmlElement } from './node.js';

/** A place in a text; both numbers count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds lines and columns in one text; the table of line starts is built at the first question. */
export class Lines {
  readonly #source: string;
  #starts: number[] | undefined;

  /** @param source - the text whose positions are wanted */
  constructor(source: string) {
    this.#source = source;
  }

  /**
   * The place of an offset.
   *
   * @param offset - in UTF-16 units, from 0
   */
  at(offset: number): Position {
    this.#starts ??= lineStarts(this.#source);
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Where an attribute stands in the source: its name, and its value without the quotes. */
export interface AttributeSpan {
  /** Offset of the name. */
  readonly start: number;
  /** Offset of the first character of the value. */
  readonly valueStart: number;
  /** Offset of the closing quote. */
  readonly valueEnd: number;
  /** The quote that surrounds the value. */
  readonly quote: "'" | '"';
}

/**
 * Finds the attributes of an element that was read from `source`, by reading its start tag again: tree
 * nodes hold no attribute offsets, since only problems and edits need them.
 */
export function attributeSpans(source: string, element: XmlElement): ReadonlyMap<string, AttributeSpan> {
  const spans = new Map<string, AttributeSpan>();
  if (element.start === undefined) return spans;
  const attribute = /\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
  attribute.lastIndex = element.start + 1 + element.name.length;
  for (let match = attribute.exec(source); match !== null; match = attribute.exec(source)) {
    const name = match[1] ?? '';
    const value = match[2] ?? match[3] ?? '';
    const valueEnd = attribute.lastIndex - 1;
    const start = match.index + match[0].search(/\S/);
    spans.set(name, {
      start,
      valueStart: valueEnd - value.length,
      valueEnd,
      quote: match[2] === undefined ? "'" : '"',
    });
  }
  return spans;
}

/** A stretch of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the content of an element stands; nothing for `<a/>`. */
export function contentSpan(source: string, node: XmlElement): Span | undefined {
  const last = [...attributeSpans(source, node).values()].at(-1);
  const from = last === undefined ? (node.start ?? 0) + 1 + node.name.length : last.valueEnd + 1;
  const close = source.indexOf('>', from);
  if (source[close - 1] === '/') return undefined;
  return { start: close + 1, end: source.lastIndexOf('</', (node.end ?? 0) - 1) };
}
