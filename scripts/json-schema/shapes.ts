// JSON Schema of host bridges, whose shapes say what they take.
import type { Shape, ShapeFacts } from '../../src/host-bridge/check/shape.js';
import { byType, type Definitions, described, type JsonSchema, mapValues, objectOf } from './schema.js';
import type { SourceType } from './types.js';

/** The schema of the values that a shape takes. */
export function shapeSchema({ facts }: Shape<unknown>, type: SourceType, defs: Definitions): JsonSchema {
  switch (facts.kind) {
    case 'simple':
      return { type: facts.type };
    case 'word':
      return facts.words.length === 1 ? { const: facts.words[0] ?? '' } : { enum: facts.words };
    case 'list':
      return { type: 'array', items: shapeSchema(facts.item, type, defs) };
    case 'either':
      return { anyOf: [shapeSchema(facts.plain, type, defs), shapeSchema(facts.nested, type.object, defs)] };
    case 'object':
      return type.name === undefined
        ? objectSchema(facts, type, defs)
        : defs.refer(type.name, facts.fields, () => described(objectSchema(facts, type, defs), type.prose));
    case 'variants':
      return {
        ...byType(mapValues(facts.shapes, (shape, tag) => shapeSchema(shape, type.member('type', tag), defs))),
        required: ['type'],
      };
  }
}

function objectSchema(
  { fields, required }: Extract<ShapeFacts, { kind: 'object' }>,
  type: SourceType,
  defs: Definitions,
): JsonSchema {
  const properties = mapValues(fields, (shape, key) =>
    described(shapeSchema(shape, type.property(key), defs), type.proseOf(key)),
  );
  return objectOf(properties, required);
}
