/** The words of a rule, one after the other. */
export class Tokens {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#words = [...text.matchAll(/"([^"]*)"|[{},]|[^\s{},"]+/g)].map(([word, quoted]) => quoted ?? word);
  }

  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  peek(offset = 0): string {
    return this.#words[this.#at + offset] ?? '';
  }

  take(): string {
    return this.#words[this.#at++] ?? '';
  }

  /** Takes the next word if it is one of some. */
  takeOneOf(...words: readonly string[]): string | undefined {
    return words.includes(this.peek()) && !this.done ? this.take() : undefined;
  }

  /** Takes words as long as none of some comes. */
  takeUntil(words: ReadonlySet<string>): string[] {
    const taken: string[] = [];
    while (!this.done && !words.has(this.peek())) taken.push(this.take());
    return taken;
  }

  /** Takes the elements of `{ a, b }`, or the words of `a,b`. */
  takeValues(): string[] {
    if (this.takeOneOf('{') === undefined) return this.#takeList();
    const values: string[] = [];
    while (!this.done && this.peek() !== '}') {
      values.push(this.takeUntil(ENDS_OF_ELEMENT).join(' '));
      this.takeOneOf(',');
    }
    this.take();
    return values;
  }

  #takeList(): string[] {
    const values = [this.take()];
    while (this.takeOneOf(',') !== undefined) values.push(this.take());
    return values;
  }
}

const ENDS_OF_ELEMENT: ReadonlySet<string> = new Set([',', '}']);
