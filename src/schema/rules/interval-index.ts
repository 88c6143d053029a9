/** Something that reaches from one number to another, both included. */
export interface Span {
  readonly start: bigint;
  readonly end: bigint;
}

/** Spans that do not overlap, in order; of those that did, what they cover together. */
export class Spans<T extends Span> {
  readonly #covered: { span: T; start: bigint; end: bigint }[] = [];

  /**
   * Adds a span.
   *
   * @returns a span that was there and overlaps it, or of several that touch each other the largest
   */
  add(span: T): T | undefined {
    const from = this.#firstEndingAt(span.start);
    let to = from;
    while ((this.#covered[to]?.start ?? span.end + 1n) <= span.end) to++;
    const overlapped = this.#covered.slice(from, to);
    const [first, last] = [overlapped[0], overlapped.at(-1)];
    const start = first !== undefined && first.start < span.start ? first.start : span.start;
    const end = last !== undefined && last.end > span.end ? last.end : span.end;
    const largest = start === span.start && end === span.end ? span : (first?.span ?? span);
    this.#covered.splice(from, to - from, { span: largest, start, end });
    return first?.span;
  }

  /** The index of the first that ends at a number or behind it. */
  #firstEndingAt(value: bigint): number {
    let [low, high] = [0, this.#covered.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#covered[middle]?.end ?? value) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
