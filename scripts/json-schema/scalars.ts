// JSON Schema of the values that fit in one attribute or one text.
import type { Scalar } from '../../src/schema/scalar.js';
import type { JsonSchema } from './schema.js';

/** Texts that some numbers may be written as, each with examples and the pattern of all of its kind. */
const TEXTS_OF_NUMBERS: readonly (readonly [examples: readonly string[], pattern: string])[] = [
  [['1'], '\\d{1,20}'],
  [['-1'], '-\\d{1,19}'],
  [['0x1', '0x3c', '0x600'], '0[xX][\\da-fA-F]+'],
  [['$A'], '\\$.*'],
  // Whatever JavaScript reads as a number.
  [['1e0'], '[\\s\\da-fA-FxXoObB.eE+-]*'],
];

/** The names in a label that stand for numbers, in any case. */
const namesOf = ({ label, accepts }: Scalar<unknown>): readonly string[] =>
  (label.match(/\w+/g) ?? []).filter((word) => !/^\d/.test(word) && accepts(word));

const inAnyCase = (word: string): string =>
  word.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/** The schema of a scalar: what its table says of values, without what libvirt looks for inside of a text. */
export function scalarSchema(scalar: Scalar<unknown>): JsonSchema {
  if (scalar.accepts(true)) return orTexts({ type: 'boolean' }, scalar);
  if (scalar.values !== undefined) return wordsSchema(scalar);
  if (scalar.range === undefined && !scalar.accepts(1)) return { type: 'string' };
  const [minimum, maximum] = scalar.range ?? [0, 0xffff_ffff];
  return orTexts({ type: 'integer', minimum, maximum }, scalar);
}

function wordsSchema(scalar: Scalar<unknown>): JsonSchema {
  const words = (scalar.values ?? []).map((word) => scalar.read(word)).filter(scalar.accepts);
  const [only] = words;
  // The type of a NIC that this library does not know is in its extra parts, never in its own place.
  if (words.length === 0) return { not: {} };
  return words.length === 1 && typeof only === 'string' ? { const: only } : { enum: words };
}

/** A schema beside the texts that may stand in the place of its value. */
function orTexts(schema: JsonSchema, scalar: Scalar<unknown>): JsonSchema {
  const patterns = [
    ...TEXTS_OF_NUMBERS.flatMap(([examples, pattern]) => (examples.some(scalar.accepts) ? [pattern] : [])),
    ...namesOf(scalar).map(inAnyCase),
  ];
  if (patterns.length === 0) return schema;
  return { anyOf: [schema, { type: 'string', pattern: `^(?:${patterns.join('|')})$` }] };
}
