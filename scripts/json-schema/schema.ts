// The parts of JSON Schema (2020-12) that the documents need.

/** A schema, or a part of one. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly const?: string | boolean;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly not?: JsonSchema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly readOnly?: true;
}

/** The definitions of a document, by name. */
export class Definitions {
  readonly #schemas = new Map<string, JsonSchema>();
  readonly #names = new Map<object, string>();

  /**
   * Refers to a definition.
   *
   * @param of - what is defined; two things of one name share a definition if that is the same
   * @param make - makes it when it is first referred to; may refer to itself
   */
  refer(name: string, of: object, make: () => JsonSchema): JsonSchema {
    const known = this.#names.get(of) ?? this.#define(name, of, make);
    return { $ref: `#/$defs/${known}` };
  }

  #define(name: string, of: object, make: () => JsonSchema): string {
    const own = this.#unused(name);
    this.#names.set(of, own);
    this.#schemas.set(own, {});
    const schema = make();
    const same = [...this.#schemas].find(
      ([other, one]) => other.startsWith(name) && JSON.stringify(one) === JSON.stringify(schema),
    );
    if (same === undefined) this.#schemas.set(own, schema);
    else this.#schemas.delete(own);
    const used = same?.[0] ?? own;
    this.#names.set(of, used);
    return used;
  }

  #unused(name: string): string {
    for (let number = 1; ; number++) {
      const own = number === 1 ? name : `${name}${number}`;
      if (!this.#schemas.has(own)) return own;
    }
  }

  toJSON(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** An object with known properties and no others. */
export const objectOf = (
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): JsonSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
});

/** An object with each value replaced. */
export const mapValues = <A, B>(object: Readonly<Record<string, A>>, change: (value: A, key: string) => B) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));

/** Objects that differ by their `type`. Conditions make better messages than a list of alternatives. */
export const byType = (variants: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties: { type: { enum: Object.keys(variants) } },
  allOf: Object.entries(variants).map(([type, schema]) =>
    when({ properties: { type: { const: type } }, required: ['type'] }, schema),
  ),
});

/** A schema for the values that another accepts. */
// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
export const when = (condition: JsonSchema, schema: JsonSchema): JsonSchema => ({ if: condition, then: schema });

/** The same schema with what it means. */
export const described = (schema: JsonSchema, description: string): JsonSchema =>
  description === '' ? schema : { ...schema, description };
