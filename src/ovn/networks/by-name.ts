/** Items by their uuids, found by a name that many may have. */
export class ByName<T> {
  readonly #names = new Map<string, string>();
  readonly #items = new Map<string, Map<string, T>>();

  set(uuid: string, name: string, item: T): void {
    this.#names.set(uuid, name);
    const items = this.#items.get(name) ?? new Map<string, T>();
    this.#items.set(name, items.set(uuid, item));
  }

  /** Takes an item away, and returns the name that it had. */
  delete(uuid: string): string | undefined {
    const name = this.#names.get(uuid);
    if (name === undefined) return undefined;
    this.#names.delete(uuid);
    const items = this.#items.get(name);
    items?.delete(uuid);
    if (items?.size === 0) this.#items.delete(name);
    return name;
  }

  /** The items of a name. */
  of(name: string): readonly T[] {
    return [...(this.#items.get(name)?.values() ?? [])];
  }

  clear(): void {
    this.#names.clear();
    this.#items.clear();
  }
}
