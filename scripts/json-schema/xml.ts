// JSON Schema of XML that documents hold as it is.
import { type Definitions, described, type JsonSchema, objectOf } from './schema.js';

const TEXTS: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };

/** An element with all of its parts. */
export const xmlElementSchema = (defs: Definitions): JsonSchema =>
  defs.refer('XmlElement', xmlElementSchema, () => ({
    type: 'object',
    properties: {
      type: { const: 'element' },
      name: described({ type: 'string' }, 'The name as written, prefix included.'),
      attributes: TEXTS,
      children: { type: 'array', items: xmlNodeSchema(defs) },
    },
    required: ['type', 'name', 'attributes', 'children'],
  }));

const xmlNodeSchema = (defs: Definitions): JsonSchema =>
  defs.refer('XmlNode', xmlNodeSchema, () => ({
    anyOf: [
      xmlElementSchema(defs),
      {
        type: 'object',
        properties: { type: { not: { const: 'element' } }, text: { type: 'string' } },
        required: ['text'],
      },
    ],
  }));

/** Parts that the tables do not know. */
export const extraSchema = (defs: Definitions): JsonSchema =>
  defs.refer('Extra', extraSchema, () =>
    described(
      objectOf(
        {
          attributes: TEXTS,
          elements: { type: 'array', items: xmlElementSchema(defs) },
          inside: { type: 'object', additionalProperties: extraSchema(defs) },
          content: { type: 'array', items: xmlNodeSchema(defs) },
        },
        [],
      ),
      'Parts of the XML that the model does not know; they are written back.',
    ),
  );
