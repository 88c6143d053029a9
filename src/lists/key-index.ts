/**
 * Where the items of each key stand in a long list. It has little room for each item: where the last one of a key stands, and
 * for each item where the one before it stands.
 */
export class KeyIndex<T> {
  readonly #items: readonly T[];
  readonly #last = new Map<string, number>();
  readonly #before: Int32Array;

  constructor(items: readonly T[], keyOf: (item: T) => string) {
    this.#items = items;
    this.#before = new Int32Array(items.length);
    items.forEach((item, i) => {
      const key = keyOf(item);
      this.#before[i] = this.#last.get(key) ?? -1;
      this.#last.set(key, i);
    });
  }

  /** The keys, in the order of their first items. */
  keys(): Iterable<string> {
    return this.#last.keys();
  }

  /** Tells whether there is an item of a key. */
  has(key: string): boolean {
    return this.#last.has(key);
  }

  /** The items of a key, in their order. */
  itemsOf(key: string): readonly T[] {
    return this.indexesOf(key).flatMap((i) => this.#items[i] ?? []);
  }

  /** The indexes of the items of a key, in their order. */
  indexesOf(key: string): readonly number[] {
    const indexes: number[] = [];
    for (let i = this.#last.get(key) ?? -1; i !== -1; i = this.#before[i] ?? -1) indexes.push(i);
    return indexes.reverse();
  }
}
