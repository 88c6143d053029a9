import { isRecord } from '../../schema/values.js';

/** Maps within maps, of which values are taken one by one, so that what is left can be told of. */
export class Tree {
  readonly #value: unknown;
  readonly #path: readonly string[];
  readonly #taken: Set<string>;

  /**
   * @param value - the map
   * @param taken - paths of values that were taken, shared by all parts of a tree
   * @param path - where the map stands
   */
  constructor(value: unknown, taken = new Set<string>(), path: readonly string[] = []) {
    this.#value = value;
    this.#path = path;
    this.#taken = taken;
  }

  /** The map below a key; an empty one when there is none. */
  at(key: string): Tree {
    return new Tree(this.#get(key), this.#taken, [...this.#path, key]);
  }

  /** The keys of the map. */
  get keys(): readonly string[] {
    return isRecord(this.#value) ? Object.keys(this.#value) : [];
  }

  /** A value as text, and as something else from there. */
  one<T>(read: (text: string) => T | undefined, key: string): T | undefined {
    const value = this.#get(key);
    if (value === undefined || value === null || typeof value === 'object') return undefined;
    const result = read(String(value));
    if (result !== undefined) this.skip(key);
    return result;
  }

  /** A value as text. */
  text(key: string): string | undefined {
    return this.one((text) => text, key);
  }

  /** A list of texts. */
  texts(key: string): readonly string[] {
    const value = this.#get(key);
    if (!Array.isArray(value) || value.some((item) => typeof item === 'object')) return [];
    this.skip(key);
    return value.map(String);
  }

  /** A list of maps, as trees of their own. */
  maps(key: string): readonly Tree[] {
    const value = this.#get(key);
    if (!Array.isArray(value)) return [];
    return value.map((item, i) => new Tree(item, this.#taken, [...this.#path, key, String(i)]));
  }

  /** Takes a value out, with all that is below it. */
  skip(...keys: readonly string[]): void {
    for (const key of keys) this.#taken.add([...this.#path, key].join('\0'));
  }

  /** The paths of the values that are left. */
  left(): readonly (readonly string[])[] {
    return this.#leftBelow(this.#value, this.#path);
  }

  #leftBelow(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
    if (this.#taken.has(path.join('\0'))) return [];
    if (typeof value !== 'object' || value === null) return [path];
    return Object.entries(value).flatMap(([key, item]) => this.#leftBelow(item, [...path, key]));
  }

  #get(key: string): unknown {
    return isRecord(this.#value) && Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
  }
}
