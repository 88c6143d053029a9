import type { Json } from './json.js';
import { Unreadable } from './unreadable.js';

/** The members of a JSON object that a server sent. */
export class Fields {
  readonly #members: ReadonlyMap<string, Json>;
  readonly #what: string;

  private constructor(members: ReadonlyMap<string, Json>, what: string) {
    this.#members = members;
    this.#what = what;
  }

  /**
   * Reads an object.
   *
   * @param what - names it in messages
   * @throws {@link Unreadable} for what is not an object
   */
  static of(value: Json | undefined, what: string): Fields {
    if (typeof value !== 'object' || value === null || isList(value)) throw new Unreadable(`${what} is not an object`);
    return new Fields(new Map(Object.entries(value)), what);
  }

  /** The members, in their order. */
  get entries(): Iterable<readonly [string, Json]> {
    return this.#members;
  }

  get(name: string): Json | undefined {
    return this.#members.get(name);
  }

  /** @throws {@link Unreadable} for what is not a text */
  text(name: string): string {
    const value = this.get(name);
    if (typeof value !== 'string') throw new Unreadable(`"${name}" of ${this.#what} is not a text`);
    return value;
  }

  /** @throws {@link Unreadable} for what is not an object */
  object(name: string): Fields {
    return Fields.of(this.get(name), `"${name}" of ${this.#what}`);
  }

  /** @throws {@link Unreadable} for what is not an array */
  list(name: string): readonly Json[] {
    return listOf(this.get(name), `"${name}" of ${this.#what}`);
  }
}

/** `Array.isArray` that keeps the type of the items. */
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** @throws {@link Unreadable} for what is not an array */
export function listOf(value: Json | undefined, what: string): readonly Json[] {
  if (!isList(value)) throw new Unreadable(`${what} is not an array`);
  return value;
}
