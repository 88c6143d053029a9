import { type AnyTable, childTag, type Field } from '../../src/schema/element.js';
import { eachTable } from '../../src/schema/vocabulary.js';
import { isElement, type XmlElement, type XmlNode } from '../../src/xml/node.js';
import type { Random } from './random.js';

/** Text that finds the edges of what a reader takes: by kind of value, then for any. */
const NASTY: Readonly<Record<string, readonly string[]>> = {
  number: [
    '0',
    '1',
    '-1',
    '+5',
    ' 7',
    '7 ',
    '010',
    '08',
    '0x10',
    '4095',
    '4096',
    '65535',
    '65536',
    '4294967295',
    '4294967296',
    '18446744073709551615',
    '18446744073709551616',
    '1.5',
    'x',
    '',
    '1e3',
  ],
  address: [
    '10.1',
    '010.0.0.1',
    '0x0a000001',
    '256.1.1.1',
    '1.2.3',
    '10.0.0.0',
    '10.0.0.255',
    '192.168.122.1',
    '::1',
    'fd00::1',
    'FD00::A',
    '::ffff:1.2.3.4',
    '::1.2.3.4',
    '1::2::3',
    '',
    'x',
    '1.2.3.4/24',
    ' 1.2.3.4',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    '255.255.255.0',
    '255.0.255.0',
    '1:2:3:4:5:6:7::',
    '12345::',
  ],
  mac: [
    '52:54:00:AA:bb:c',
    '01:00:5e:00:00:01',
    '52:54:00:aa:bb',
    '52:54:00:aa:bb:cc junk',
    '52-54-00-aa-bb-cc',
    '',
    '00:00:00:00:00:00',
    'x',
    'ff:ff:ff:ff:ff:ff',
    '52:54:00:aa:bb:cc:dd',
  ],
  word: [
    'yes',
    'no',
    'YES',
    'on',
    'off',
    'nat',
    'route',
    'open',
    'bridge',
    'hostdev',
    'none',
    'isolated',
    'ipv4',
    'ipv6',
    'minutes',
    'kvm',
    'xen',
    '',
    ' yes',
    'true',
    'kernel',
    'openvswitch',
    '802.1Qbg',
    'pci',
    'tagged',
    'midonet',
  ],
  any: [
    '',
    ' ',
    'a b',
    'a,b',
    'x',
    '-x',
    '_x',
    '.',
    'ä',
    'a/b',
    'a.b',
    '%d',
    'ééééééééééééééééééééééééé',
    'x'.repeat(60),
    '5',
    '00:01',
    'zz',
  ],
};

function kindOf(field: Field<unknown> | undefined): string {
  const place = field?.place;
  if (place?.at !== 'attribute' && place?.at !== 'leaf' && place?.at !== 'leaves') return 'any';
  if (place.scalar.range !== undefined) return 'number';
  if (place.scalar.values !== undefined) return 'word';
  if (place.scalar.label.includes('IP') || place.scalar.label.includes('address'))
    return place.scalar.label.includes('MAC') ? 'mac' : 'address';
  return 'any';
}

/** What finds the edges of a field, and all its words. */
export function nastyTexts(field: Field<unknown>): readonly string[] {
  const words = 'scalar' in field.place ? (field.place.scalar.values ?? []) : [];
  return [...new Set([...(NASTY[kindOf(field)] ?? []), ...words])];
}

const nasty = (random: Random, field: Field<unknown> | undefined): string =>
  random.pick(NASTY[random.chance(0.85) ? kindOf(field) : random.pick(Object.keys(NASTY))] ?? ['x']);

/** An element with the table that reads it. */
export interface Site {
  readonly element: XmlElement;
  readonly table: AnyTable;
}

/** Every element of a tree with the table that reads it. */
export function sitesOf(element: XmlElement, table: AnyTable, into: Site[] = []): Site[] {
  into.push({ element, table });
  for (const child of element.children) {
    if (!isElement(child)) continue;
    const place = fieldOfChild(table, child.name)?.place;
    if (place?.at === 'one' || place?.at === 'many') sitesOf(child, place.table(), into);
  }
  return into;
}

const fieldOfChild = (table: AnyTable, tag: string) =>
  Object.values(table.fields).find(({ place }) => childTag(place) === tag);

/** A tree with one element replaced. */
export function replaced(element: XmlElement, target: XmlElement, by: readonly XmlNode[]): XmlElement {
  const children = element.children.flatMap((child): readonly XmlNode[] => {
    if (child === target) return by;
    return isElement(child) ? [replaced(child, target, by)] : [child];
  });
  return { ...element, children };
}

/** Attributes but one. */
export const without = (attributes: Readonly<Record<string, string>>, name: string) =>
  Object.fromEntries(Object.entries(attributes).filter(([key]) => key !== name));

/** Breaks a document, or bends it: one random change that people or programs could make. */
export function mutate(random: Random, root: XmlElement, rootTable: AnyTable): XmlElement {
  const site = random.pick(sitesOf(root, rootTable));
  const change = (element: XmlElement) => (site.element === root ? element : replaced(root, site.element, [element]));
  const { element, table } = site;
  const attributes = Object.keys(element.attributes);
  switch (random.int(0, 8)) {
    case 0:
    case 1:
    case 2: {
      if (attributes.length === 0) return change(setAttribute(random, element, table));
      const name = random.pick(attributes);
      const field = Object.values(table.fields).find(({ place }) => place.at === 'attribute' && place.xml === name);
      return change({ ...element, attributes: { ...element.attributes, [name]: nasty(random, field) } });
    }
    case 3:
      return attributes.length === 0
        ? root
        : change({ ...element, attributes: without(element.attributes, random.pick(attributes)) });
    case 4:
      return change(setAttribute(random, element, table));
    case 5:
      return change(addChild(random, element, table, rootTable));
    case 6:
      return site.element === root ? root : replaced(root, site.element, []);
    case 7:
      return site.element === root
        ? root
        : replaced(root, site.element, [element, mutateValue(random, element, table)]);
    default:
      return change(mutateLeaf(random, element));
  }
}

function setAttribute(random: Random, element: XmlElement, table: AnyTable): XmlElement {
  const fields = Object.values(table.fields).filter(({ place }) => place.at === 'attribute');
  if (fields.length === 0) return element;
  const field = random.pick(fields);
  if (field.place.at !== 'attribute') return element;
  return { ...element, attributes: { ...element.attributes, [field.place.xml]: nasty(random, field) } };
}

const mutateValue = (random: Random, element: XmlElement, table: AnyTable): XmlElement =>
  random.chance(0.5) ? element : setAttribute(random, element, table);

function mutateLeaf(random: Random, element: XmlElement): XmlElement {
  const leaves = element.children.filter(
    (child) => isElement(child) && child.children.some((node) => node.type === 'text'),
  );
  if (leaves.length === 0) return element;
  const leaf = random.pick(leaves);
  const text = random.pick([...(NASTY['any'] ?? []), 'not-a-uuid', '00000000000000000000000000000001', '{x}']);
  const children = element.children.map((child) =>
    child === leaf && isElement(child)
      ? { ...child, children: text === '' ? [] : [{ type: 'text' as const, text }] }
      : child,
  );
  return { ...element, children };
}

/** An empty or nearly empty child that belongs there, or one that belongs elsewhere. */
function addChild(random: Random, element: XmlElement, table: AnyTable, rootTable: AnyTable): XmlElement {
  const tables: AnyTable[] = [];
  if (random.chance(0.85)) {
    for (const { place } of Object.values(table.fields))
      if (place.at === 'one' || place.at === 'many') tables.push(place.table());
  } else eachTable(rootTable, (one) => tables.push(one));
  const usable = tables.filter((one) => one.namespace === undefined);
  if (usable.length === 0) return element;
  const picked = random.pick(usable);
  let child: XmlElement = { type: 'element', name: picked.tag, attributes: {}, children: [] };
  for (let i = random.int(0, 3); i > 0; i--) child = setAttribute(random, child, picked);
  return { ...element, children: [...element.children, child] };
}
