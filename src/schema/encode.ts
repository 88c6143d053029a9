import { textValueOf } from '../xml/layout.js';
import { isElement, NO_ATTRIBUTES, NO_CHILDREN, type XmlElement, type XmlNode } from '../xml/node.js';
import { emptyRecord } from '../xml/null-object.js';
import type { AnyTable, ElementTable, Extra, Field } from './element.js';
import { isKnownTo, knownRelease, NEWEST_RELEASE } from './release.js';
import type { Scalar } from './scalar.js';
import { extraOf, listOf, nodesOf, recordOf } from './values.js';

/**
 * Builds the element for a value: attributes and children in table order, which is libvirt's own, then
 * what is kept in `extra`. Parts that are newer than the release are left out, as that release drops them.
 */
export function encode<T>(table: ElementTable<T>, value: T, release: string = NEWEST_RELEASE): XmlElement {
  return encodeElement(table, value, knownRelease(release));
}

function encodeElement(table: AnyTable, value: unknown, release: number): XmlElement {
  const attributes = emptyRecord<string>();
  const children: XmlNode[] = [];
  const values = recordOf(value);
  const extra = extraOf(values['extra']);
  for (const key in table.fields) {
    const field = table.fields[key];
    const item = values[key];
    if (field === undefined || !isKnownTo(release, field.since)) continue;
    if (item === undefined) {
      encodeUnread(field, extra?.inside?.[key], children);
      continue;
    }
    // libvirt takes most empty texts for absent.
    if (item === '' && field.empty !== 'value' && !field.printsEmpty) continue;
    if (field.place.at === 'attribute') attributes[field.place.xml] = field.place.scalar.write(item);
    else encodeChild(key, field, item, extra, release, children);
  }
  for (const element of extra?.elements ?? []) children.push(element);
  const name = table.namespace === undefined ? table.tag : `${table.namespace.prefix}:${table.tag}`;
  const element: XmlElement = {
    type: 'element',
    name,
    attributes: joined(attributes, extra?.attributes),
    children: children.length === 0 ? NO_CHILDREN : children,
  };
  return isOpen(table, release) ? { ...element, open: true } : element;
}

/** Own attributes first, and they win. Without a copy where there is nothing to join: some elements have very many unknown attributes. */
const joined = (own: Record<string, string>, kept = NO_ATTRIBUTES): XmlElement['attributes'] =>
  Object.keys(own).length === 0 ? kept : Object.assign(emptyRecord<string>(), own, kept, own);

const isOpen = ({ alwaysOpen }: AnyTable, release: number): boolean =>
  typeof alwaysOpen === 'object' ? !isKnownTo(release, alwaysOpen.until) : alwaysOpen === true;

function encodeChild(
  key: string,
  field: Field<unknown>,
  item: unknown,
  extra: Extra | undefined,
  release: number,
  into: XmlNode[],
): void {
  const { place } = field;
  const inside = extra?.inside?.[key];
  if (place.at === 'leaf') into.push(leafElement(place.xml, place.scalar, item, inside));
  else if (place.at === 'leaves') {
    for (const [i, one] of listOf(item).entries())
      into.push(leafElement(place.xml, place.scalar, one, extra?.inside?.[`${key}#${i}`]));
  } else if (place.at === 'one') into.push(encodeElement(place.table(), item, release));
  else if (place.at === 'many') {
    const table = place.table();
    for (const one of listOf(item)) into.push(encodeElement(table, one, release));
  } else if (place.at === 'raw') into.push(withExtra(place.xml, nodesOf(item), inside));
  else if (place.at === 'flag' && item === true) into.push(withExtra(place.xml, [], inside));
}

/** A plain value's element that reading made nothing of, but that held something unknown. */
function encodeUnread({ place }: Field<unknown>, inside: Extra | undefined, into: XmlNode[]): void {
  if (place.at !== 'leaf' || inside?.content === undefined) return;
  const text = textValueOf(inside.content);
  if (text === '' || place.scalar.read(text) === undefined) into.push(withContent(place.xml, inside.content, inside));
}

function leafElement(name: string, scalar: Scalar<unknown>, item: unknown, inside: Extra | undefined): XmlElement {
  const text = scalar.write(item);
  const { content } = inside ?? {};
  if (content === undefined) return withExtra(name, text === '' ? [] : [{ type: 'text', text }], inside);
  const value = scalar.read(textValueOf(content));
  if (value !== undefined && scalar.write(value) === text) return withContent(name, content, inside);
  // The value was changed since: text in the elements would become a part of it.
  const silent = content.filter((node) => isElement(node) && textValueOf(node.children) === '');
  return withContent(name, [{ type: 'text', text }, ...silent], inside);
}

const withContent = (name: string, children: readonly XmlNode[], extra: Extra | undefined): XmlElement => ({
  type: 'element',
  name,
  attributes: extra?.attributes ?? {},
  children,
});

const withExtra = (name: string, children: readonly XmlNode[], extra: Extra | undefined): XmlElement => ({
  type: 'element',
  name,
  attributes: extra?.attributes ?? {},
  children: [...children, ...(extra?.elements ?? [])],
});
