/**
 * Where the items of each key stand in a long list. It has little room for each item: where the last one of a key stands, and
 * for each item where the one before it stands.
 */
export class KeyIndex {
  readonly #last = new Map<string, number>();
  readonly #before: Int32Array;

  constructor(keys: readonly string[]) {
    this.#before = new Int32Array(keys.length);
    for (const [i, key] of keys.entries()) {
      this.#before[i] = this.#last.get(key) ?? -1;
      this.#last.set(key, i);
    }
  }

  /** The indexes of the items of a key, in their order. */
  indexesOf(key: string): readonly number[] {
    const indexes: number[] = [];
    for (let i = this.#last.get(key) ?? -1; i !== -1; i = this.#before[i] ?? -1) indexes.push(i);
    return indexes.reverse();
  }
}
