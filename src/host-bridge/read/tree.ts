import { isRecord } from '../../schema/values.js';

/** Maps within maps, of which values are taken one by one, so that what is left can be reported. */
export class Tree {
  readonly #value: unknown;
  readonly #path: readonly string[];
  readonly #taken: Set<string>;
  readonly #seen: Set<string>;

  /**
   * @param value - the map
   * @param taken - paths of values that were taken, shared by all parts of a tree
   * @param seen - paths of maps and lists that were looked into, shared likewise
   * @param path - where the map stands
   */
  constructor(value: unknown, taken = new Set<string>(), seen = new Set<string>(), path: readonly string[] = []) {
    this.#value = value;
    this.#path = path;
    this.#taken = taken;
    this.#seen = seen;
  }

  #look(key: string): void {
    this.#seen.add([...this.#path, key].join('\0'));
  }

  /** The map below a key; an empty one when there is none. */
  at(key: string): Tree {
    this.#look(key);
    return new Tree(this.#get(key), this.#taken, this.#seen, [...this.#path, key]);
  }

  /** The keys of the map. */
  get keys(): readonly string[] {
    return isRecord(this.#value) ? Object.keys(this.#value) : [];
  }

  /** A value as text, and as something else from there. */
  one<T>(read: (text: string) => T | undefined, key: string): T | undefined {
    const text = this.peek(key);
    const result = text === undefined ? undefined : read(text);
    if (result !== undefined) this.skip(key);
    return result;
  }

  /** A value as text, without taking it. */
  peek(key: string): string | undefined {
    const value = this.#get(key);
    return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
  }

  /** A value as text. */
  text(key: string): string | undefined {
    return this.one((text) => text, key);
  }

  /** The items of a list, as texts and as something else from there. Items that cannot be read are left. */
  items<T>(read: (text: string) => T | undefined, key: string): readonly T[] {
    const value = this.#get(key);
    this.#look(key);
    if (!Array.isArray(value)) return [];
    return value.flatMap((item, i) => {
      const result = typeof item === 'object' ? undefined : read(String(item));
      if (result !== undefined) this.#taken.add([...this.#path, key, String(i)].join('\0'));
      return result ?? [];
    });
  }

  /** A list of texts. */
  texts(key: string): readonly string[] {
    return this.items((text) => text, key);
  }

  /** The items of a list that may have options below them, `10.0.0.2/24: {label: x}`; the options are left, and items that cannot be read. */
  names(read: (name: string) => string | undefined, key: string): readonly string[] {
    const value = this.#get(key);
    this.#look(key);
    if (!Array.isArray(value)) return [];
    return value.flatMap((item, i) => {
      const place = [...this.#path, key, String(i)];
      return (isRecord(item) ? Object.keys(item) : [String(item)]).flatMap((name) => {
        const result = read(name);
        if (result === undefined) return [];
        if (isRecord(item)) this.#seen.add([...place, name].join('\0'));
        else this.#taken.add(place.join('\0'));
        return result;
      });
    });
  }

  /** Tells whether there is a value of any kind. */
  has(key: string): boolean {
    return this.#get(key) !== undefined;
  }

  /** A list of maps, as trees of their own. */
  maps(key: string): readonly Tree[] {
    const value = this.#get(key);
    this.#look(key);
    if (!Array.isArray(value)) return [];
    return value.map((item, i) => new Tree(item, this.#taken, this.#seen, [...this.#path, key, String(i)]));
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
    const key = path.join('\0');
    if (this.#taken.has(key)) return [];
    if (typeof value !== 'object' || value === null) return [path];
    // An empty map that nobody looked into may still say something.
    if (Object.keys(value).length === 0) return this.#seen.has(key) ? [] : [path];
    return Object.entries(value).flatMap(([key, item]) => this.#leftBelow(item, [...path, key]));
  }

  #get(key: string): unknown {
    return isRecord(this.#value) && Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
  }
}
