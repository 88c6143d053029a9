import fc from 'fast-check';
import type { AnyTable, ElementTable, Field } from '../../src/schema/element.js';
import type { Scalar } from '../../src/schema/scalar.js';

/** Text that every part of libvirt takes and prints as it is. */
export const plainText = fc.string({ unit: fc.constantFrom(...'abcxyz019'), minLength: 1, maxLength: 12 });

/** How deep tables that hold each other are followed. */
const MAX_DEPTH = 5;

/** Text with what is hard for XML: markup, quotes, blanks, letters of two, three and four bytes. */
const xmlText = fc.string({
  unit: fc.constantFrom(
    ...'abcxyz019.-_/:,%',
    ' ',
    '\t',
    '\n',
    '\r',
    '&',
    '<',
    '>',
    "'",
    '"',
    ']',
    'ä',
    '€',
    '😀',
    '\u2028',
  ),
  minLength: 1,
  maxLength: 12,
});

const macAddress = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 }).map(toGroups);

function toGroups(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

function rough(scalar: Scalar<unknown>, text: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  if (scalar.values !== undefined) return fc.constantFrom(...scalar.values.map((text) => scalar.read(text)));
  if (scalar.range !== undefined) {
    const [min, max] = scalar.range;
    // The largest number that libvirt prints back even where it prints unsigned numbers as signed ones.
    return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, '9223372036854775807'));
  }
  if (scalar.label.includes('MAC')) return macAddress;
  if (scalar.label.includes('UUID')) return fc.uuid();
  if (scalar.label.includes('IPv4')) return fc.ipV4();
  if (scalar.label.includes('IP')) return fc.oneof(fc.ipV4(), fc.ipV6());
  return text;
}

/** Values of a scalar, in the form in which reading gives them. */
const valuesOf = (scalar: Scalar<unknown>, text: fc.Arbitrary<string>): fc.Arbitrary<unknown> =>
  rough(scalar, text)
    .map((value) => (typeof value === 'string' ? (scalar.read(value) ?? value) : value))
    .filter((value) => scalar.accepts(value));

/** An element as other programs put it into `<metadata>`. */
const foreignElement = fc
  .record(
    {
      name: fc.constantFrom('app:note', 'app:owner', 'x'),
      uri: fc.constantFrom('urn:example:a', 'urn:example:b'),
      text: xmlText,
    },
    { noNullPrototype: true },
  )
  .map(({ name, uri, text }) => ({
    type: 'element' as const,
    name,
    attributes: { [name === 'x' ? 'xmlns' : 'xmlns:app']: uri },
    children: [{ type: 'text' as const, text: `.${text}.` }],
  }));

function itemOf({ place }: Field<unknown>, depth: number, text: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  switch (place.at) {
    case 'attribute':
    case 'leaf':
      return valuesOf(place.scalar, text);
    case 'leaves':
      return fc.array(valuesOf(place.scalar, text), { minLength: 1, maxLength: 3 });
    case 'flag':
      return fc.constant(true);
    case 'one':
      return recordOf(place.table(), depth + 1, text);
    case 'many':
      return fc.array(recordOf(place.table(), depth + 1, text), { minLength: 1, maxLength: 3 });
    case 'raw':
      return fc.array(foreignElement, { minLength: 1, maxLength: 2 });
  }
}

const isNested = ({ place }: Field<unknown>): boolean => place.at === 'one' || place.at === 'many';

function recordOf(table: AnyTable, depth: number, text: fc.Arbitrary<string>): fc.Arbitrary<Record<string, unknown>> {
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  const requiredKeys: string[] = [];
  for (const [key, field] of Object.entries(table.fields)) {
    if (field.presence === 'optional' && isNested(field) && depth >= MAX_DEPTH) continue;
    model[key] = itemOf(field, depth, text);
    if (field.presence === 'required') requiredKeys.push(key);
  }
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

/**
 * Documents in which every field by itself is valid, although libvirt may refuse them as a whole.
 *
 * @param table - the table of the document's root
 * @param text - what to fill in where any text is valid
 */
export function documentOf<T>(table: ElementTable<T>, text: fc.Arbitrary<string> = xmlText): fc.Arbitrary<T> {
  // Every property is made from the field that the compiler holds together with the type.
  return recordOf(table, 0, text) as fc.Arbitrary<unknown> as fc.Arbitrary<T>;
}
