import { type AnyTable, childTag, type Field } from '../../src/schema/element.js';
import { isElement, type XmlElement } from '../../src/xml/node.js';
import { readXml } from '../../src/xml/read.js';
import { writeXml } from '../../src/xml/write.js';
import { nastyTexts, replaced, type Site, sitesOf, without } from './mutate.js';

/**
 * What single faults make of documents, as text. Those of the names come last: what libvirt keeps under a name
 * that virsh cannot say is in the way of others.
 */
export const allSingleFaults = (sources: readonly string[], table: AnyTable): string[] =>
  sources.flatMap((source) =>
    singleFaults(readXml(source).root, table)
      .reverse()
      .map((root) => writeXml(root)),
  );

/** Every document that differs from a given one in one thing: a value, an attribute, an element too few or too many. */
function singleFaults(root: XmlElement, table: AnyTable): XmlElement[] {
  return sitesOf(root, table).flatMap((site) => [
    ...changesInside(site).map((changed) => put(root, site.element, [changed])),
    ...changesAround(site, root).map((elements) => put(root, site.element, elements)),
  ]);
}

const put = (root: XmlElement, target: XmlElement, by: readonly XmlElement[]): XmlElement =>
  target === root ? (by[0] ?? root) : replaced(root, target, by);

const changesInside = (site: Site): XmlElement[] =>
  Object.values(site.table.fields).flatMap((field) => changesOf(field, site.element));

function changesOf(field: Field<unknown>, element: XmlElement): XmlElement[] {
  const { place } = field;
  if (place.at === 'attribute') return attributeChanges(field, place.xml, element);
  if (place.at === 'leaf' || place.at === 'leaves') return leafChanges(field, place.xml, element);
  return place.at === 'one' || place.at === 'many' ? additions(place.table().tag, element) : [];
}

function attributeChanges(field: Field<unknown>, name: string, element: XmlElement): XmlElement[] {
  const { attributes } = element;
  const changed = nastyTexts(field).map((value) => ({ ...element, attributes: { ...attributes, [name]: value } }));
  return name in attributes ? [...changed, { ...element, attributes: without(attributes, name) }] : changed;
}

function leafChanges(field: Field<unknown>, tag: string, element: XmlElement): XmlElement[] {
  const others = element.children.filter((child) => !isElement(child) || child.name !== tag);
  const leaves = [...nastyTexts(field), 'not-a-uuid', '00000000000000000000000000000001'].map((text) =>
    leaf(tag, text),
  );
  return leaves.map((one) => ({ ...element, children: [one, ...others] }));
}

const leaf = (name: string, text: string): XmlElement => ({
  type: 'element',
  name,
  attributes: {},
  children: text === '' ? [] : [{ type: 'text', text }],
});

/** An empty child, before and behind the others. */
const additions = (tag: string, element: XmlElement): XmlElement[] => [
  { ...element, children: [leaf(tag, ''), ...element.children] },
  { ...element, children: [...element.children, leaf(tag, '')] },
];

/** Without the element, or with two of it. */
const changesAround = ({ element }: Site, root: XmlElement): XmlElement[][] =>
  element === root ? [] : [[], [element, element]];

/** The attributes and leaves of a table and the tables below it that none of the documents has, as `element@name`. */
export function missingFrom(sources: readonly string[], table: AnyTable): string[] {
  const sites = sources.flatMap((source) => sitesOf(readXml(source).root, table));
  const missing = new Set<string>();
  const seen = new Set<string>();
  for (const { element, table: own } of sites)
    for (const { place, output } of Object.values(own.fields)) {
      if (output) continue;
      const name = place.at === 'attribute' ? `${own.tag}@${place.xml}` : `${own.tag}/${childTag(place)}`;
      const has = place.at === 'attribute' ? place.xml in element.attributes : hasChild(element, childTag(place));
      (has ? seen : missing).add(name);
    }
  return [...missing].filter((name) => !seen.has(name));
}

const hasChild = (element: XmlElement, tag: string | undefined): boolean =>
  element.children.some((child) => isElement(child) && child.name.replace(/^.*:/, '') === tag);
