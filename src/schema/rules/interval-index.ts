import { firstNotBelow } from '../../lists/binary-search.js';

/** Something that reaches from one number to another, both included. */
export interface Interval {
  readonly start: bigint;
  readonly end: bigint;
}

/** Spans that do not overlap, in order; of those that did, what they cover together. */
export class IntervalIndex<T extends Interval> {
  readonly #covered: { span: T; start: bigint; end: bigint }[] = [];

  /**
   * Adds a span.
   *
   * @returns a span that was there and overlaps it, or of several that touch each other the largest
   */
  add(span: T): T | undefined {
    const from = firstNotBelow(this.#covered, ({ end }) => end < span.start);
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
}
