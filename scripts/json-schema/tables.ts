// JSON Schema of documents whose format is in tables.
import type { AnyTable, Field } from '../../src/schema/element.js';
import { scalarSchema } from './scalars.js';
import { type Definitions, described, type JsonSchema, mapValues, objectOf } from './schema.js';
import type { SourceType } from './types.js';
import { extraSchema, xmlElementSchema } from './xml.js';

/** The schema of a table's objects. */
export function tableSchema(table: AnyTable, type: SourceType, defs: Definitions): JsonSchema {
  const properties = mapValues(table.fields, (field, key) => propertySchema(field, key, type, defs));
  const required = Object.keys(table.fields).filter((key) => table.fields[key]?.presence === 'required');
  return objectOf({ ...properties, extra: extraSchema(defs) }, required);
}

function propertySchema(field: Field<unknown>, key: string, type: SourceType, defs: Definitions): JsonSchema {
  const schema = described(placeSchema(field, type.property(key), defs), type.proseOf(key));
  return field.output ? { ...schema, readOnly: true } : schema;
}

function placeSchema(field: Field<unknown>, type: SourceType, defs: Definitions): JsonSchema {
  const { place } = field;
  switch (place.at) {
    case 'attribute':
    case 'leaf':
      return withEmpty(scalarSchema(place.scalar), field);
    case 'flag':
      return { type: 'boolean' };
    case 'leaves':
      return { type: 'array', items: scalarSchema(place.scalar) };
    case 'raw':
      return { type: 'array', items: xmlElementSchema(defs) };
    case 'one':
      return definition(place.table(), type, defs);
    case 'many':
      return { type: 'array', items: definition(place.table(), type, defs) };
  }
}

function definition(table: AnyTable, type: SourceType, defs: Definitions): JsonSchema {
  const { name } = type;
  if (name === undefined) throw new Error(`the table of <${table.tag}> has no named interface`);
  return defs.refer(name, table, () => described(tableSchema(table, type, defs), type.prose));
}

/** libvirt takes most empty texts for absent: they may stand for a word, but not for what is required. */
function withEmpty(schema: JsonSchema, { empty, presence }: Field<unknown>): JsonSchema {
  if (empty === 'value') return schema;
  if (schema.type === 'string') return presence === 'required' ? { ...schema, minLength: 1 } : schema;
  const words = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  return presence === 'required' || words === undefined ? schema : { enum: [...words, ''] };
}
