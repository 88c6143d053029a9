import { sameValue } from '../model/diff.js';
import type { AnyTable, Place } from '../schema/element.js';
import type { Scalar } from '../schema/scalar.js';
import { extraOf, isElementNode, isRecord } from '../schema/values.js';

/**
 * Returns the path of a part of a document that is not of its type, which a compiler refuses: a property that is unknown
 * or missing, or a text where a number belongs. A value that only libvirt refuses is of its type.
 */
export function wrongTypeIn(table: AnyTable, value: unknown, path = ''): string | undefined {
  if (!isRecord(value)) return path;
  const { extra, ...properties } = value;
  for (const key of Object.keys({ ...table.fields, ...properties })) {
    const field = Object.hasOwn(table.fields, key) ? table.fields[key] : undefined;
    const inside = path === '' ? key : `${path}.${key}`;
    const item = properties[key];
    if (field === undefined) return inside;
    if (item === undefined && field.presence === 'optional') continue;
    const found = wrongPart(field.place, item, inside);
    if (found !== undefined) return found;
  }
  return extra === undefined || sameValue(extraOf(extra), extra) ? undefined : `${path}.extra`.replace(/^\./, '');
}

function wrongPart(place: Place, value: unknown, path: string): string | undefined {
  const unless = (isRight: boolean) => (isRight ? undefined : path);
  switch (place.at) {
    case 'attribute':
    case 'leaf':
      return unless(hasType(place.scalar, value));
    case 'flag':
      return unless(typeof value === 'boolean');
    case 'one':
      return wrongTypeIn(place.table(), value, path);
    case 'leaves':
      return unless(Array.isArray(value) && value.every((item) => hasType(place.scalar, item)));
    case 'raw':
      return unless(Array.isArray(value) && value.every(isElementNode));
    case 'many':
      if (!Array.isArray(value)) return path;
      return value.map((item, i) => wrongTypeIn(place.table(), item, `${path}[${i}]`)).find((at) => at !== undefined);
  }
}

/** Tells whether a value has the type of a scalar, whatever its bounds. */
function hasType(scalar: Scalar<unknown>, value: unknown): boolean {
  if (scalar.accepts(value)) return true;
  if (scalar.values !== undefined) return false;
  return scalar.range === undefined ? typeof value === 'string' : typeof value === 'number';
}
