import { shown } from '../../options/shown.js';
import { codePoint, FORBIDDEN } from '../../xml/characters.js';
import { placeholderLeftIn } from '../../xml/placeholder.js';
import type { AnyTable, Field } from '../element.js';
import type { Path } from '../path.js';
import { formatPath } from '../path.js';
import { isKnownTo } from '../release.js';
import { expectedBy, type Scalar } from '../scalar.js';
import { isElementNode, isRecord, shortened } from '../values.js';
import type { Reporter } from './context.js';

/**
 * Checks that a value has the shape its table says, which the compiler cannot for data from elsewhere.
 * Returns the value without its unusable parts, so that the rules can rely on types: itself where all of it is usable,
 * as it mostly is.
 */
export function inspect(
  table: AnyTable,
  value: unknown,
  path: Path | undefined,
  context: Reporter,
): Record<string, unknown> {
  if (!isRecord(value)) {
    reportShape(context, path, 'an object', value);
    return {};
  }
  let changed: Map<string, unknown> | undefined;
  for (const key in table.fields) {
    const field = table.fields[key];
    const given = value[key];
    if (field === undefined || (given === undefined && field.presence !== 'required')) continue;
    const item = inspectField(table, key, field, given, { parent: path, key }, context);
    if (item !== given) changed = (changed ?? new Map()).set(key, item);
  }
  for (const key of Object.keys(value)) {
    if (key === 'extra' || Object.hasOwn(table.fields, key) || value[key] === undefined) continue;
    context.report('PROPERTY_UNKNOWN', formatPath({ parent: path, key }), { property: key });
    changed = (changed ?? new Map()).set(key, undefined);
  }
  return changed === undefined ? value : withChanges(value, changed);
}

function withChanges(value: Record<string, unknown>, changed: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = changed.has(key) ? changed.get(key) : value[key];
    if (item !== undefined) clean[key] = item;
  }
  return clean;
}

/** The list that was given, if checking took nothing out of it. */
const sameList = (given: readonly unknown[], checked: readonly unknown[]): readonly unknown[] =>
  given.length === checked.length && checked.every((item, i) => item === given[i]) ? given : checked;

function inspectField(
  table: AnyTable,
  key: string,
  field: Field<unknown>,
  item: unknown,
  path: Path,
  context: Reporter,
): unknown {
  const { place } = field;
  if (item === undefined || (item === '' && isAbsentWhenEmpty(field))) {
    if (field.presence === 'required' && isKnownTo(context.release, field.since)) {
      const attribute = place.at === 'attribute' ? place.xml : key;
      context.report(field.missing ?? 'ATTR_REQUIRED', formatPath(path), { attribute, element: table.tag });
    }
    return undefined;
  }
  if (!isKnownTo(context.release, field.since)) {
    context.report('NEWER_THAN_RELEASE', formatPath(path), { property: key, since: field.since ?? '' });
  }
  if (place.at === 'attribute' || place.at === 'leaf') return inspectScalar(table, key, field, item, path, context);
  if (place.at === 'one') return inspect(place.table(), item, path, context);
  if (place.at === 'flag') return typeof item === 'boolean' ? item : reportShape(context, path, 'true or false', item);
  if (!Array.isArray(item)) return reportShape(context, path, 'a list', item);
  return sameList(item, inspectList(table, key, field, item, path, context));
}

function inspectList(
  table: AnyTable,
  key: string,
  field: Field<unknown>,
  items: readonly unknown[],
  path: Path,
  context: Reporter,
): readonly unknown[] {
  const { place } = field;
  if (place.at === 'many') return items.map((one, i) => inspect(place.table(), one, { parent: path, key: i }, context));
  if (place.at === 'leaves')
    return items.filter(
      (one, i) => inspectScalar(table, key, field, one, { parent: path, key: i }, context) !== undefined,
    );
  return items.filter((one, i) => isElementNode(one) || reportShape(context, { parent: path, key: i }, WHOLE, one));
}

/** Elements whose text another program reads, which may have placeholders of its own, such as iPXE's `${net0/mac}`. */
const RAW_TEXT: ReadonlySet<string> = new Set(['bootp', 'option']);

const WHOLE = 'an XML element with its attributes and children';

/** libvirt takes most empty texts for absent. In place of a list, an object, a number or a yes or no one is a mistake. */
function isAbsentWhenEmpty({ place, empty }: Field<unknown>): boolean {
  if (empty === 'value' || (place.at !== 'attribute' && place.at !== 'leaf')) return false;
  return place.scalar.range === undefined && !place.scalar.accepts(true);
}

function inspectScalar(
  table: AnyTable,
  key: string,
  field: Field<unknown>,
  item: unknown,
  path: Path,
  context: Reporter,
): unknown {
  const { place } = field;
  if (place.at !== 'attribute' && place.at !== 'leaf' && place.at !== 'leaves') return item;
  if (!place.scalar.accepts(item)) {
    const params = {
      value: printable(item),
      expected: expectedFor(item, place.scalar),
      element: table.tag,
      attribute: place.xml,
      property: key,
    };
    context.report(
      typeof item === 'string' || typeof item === 'number' ? (field.invalid ?? 'PROPERTY_INVALID') : 'PROPERTY_INVALID',
      formatPath(path),
      params,
    );
    return undefined;
  }
  if (typeof item !== 'string') return item;
  const bad = FORBIDDEN.exec(item)?.[0];
  if (bad === undefined) {
    const misread = place.scalar.misread?.(item);
    if (misread !== undefined)
      context.report(misread, formatPath(path), { value: item, read: place.scalar.write(item) });
    const placeholder = RAW_TEXT.has(table.tag) ? undefined : placeholderLeftIn(item);
    if (placeholder !== undefined) context.report('PLACEHOLDER', formatPath(path), { value: placeholder });
    return item;
  }
  context.report('INVALID_CHARACTER', formatPath(path), { character: codePoint(bad) });
  return undefined;
}

function reportShape(context: Reporter, path: Path | undefined, expected: string, value: unknown): undefined {
  const property = path === undefined ? 'the document' : String(path.key);
  context.report('PROPERTY_INVALID', formatPath(path), { property, expected, value: printable(value) });
}

/**
 * What is expected, and how the item differs where that is easily overlooked. Numbers that JavaScript or JSON cannot hold
 * exactly are given as text where there is room for them.
 */
function expectedFor(item: unknown, scalar: Scalar<unknown>): string {
  if (typeof item === 'string' && scalar.read(item) !== undefined)
    return `${scalar.accepts(true) ? 'true or false' : expectedBy(scalar)}, but text: write ${String(scalar.read(item))} without quotes`;
  if (typeof item === 'number' && Number.isFinite(item) && !Number.isInteger(item) && scalar.range !== undefined)
    return `${expectedBy(scalar)}, but a fraction: use a smaller unit, or round it`;
  const isNumber = typeof item === 'number' || typeof item === 'bigint';
  const asText = isNumber && scalar.range !== undefined && scalar.accepts(String(item));
  return asText ? `${expectedBy(scalar)}, as text when it is above 2^53-1` : expectedBy(scalar);
}

const printable = (value: unknown): string => shortened(shown(value));
