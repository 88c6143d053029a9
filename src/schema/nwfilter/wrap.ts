import { localName } from '../../xml/namespace.js';
import { isElement, type XmlElement, type XmlNode } from '../../xml/node.js';
import { filterEntryTable } from './filter.js';

const isEntry = (node: XmlNode): node is XmlElement =>
  isElement(node) && (localName(node.name) === 'rule' || localName(node.name) === 'filterref');

/** Wraps each rule and each included filter, so that one list of entries keeps their order. */
export const wrapped = (root: XmlElement): XmlElement => ({ ...root, children: root.children.map(wrap) });

function wrap(node: XmlNode): XmlNode {
  if (!isEntry(node)) return node;
  const { start, end } = node;
  const entry: XmlElement = { type: 'element', name: filterEntryTable.tag, attributes: {}, children: [node] };
  return start === undefined || end === undefined ? entry : { ...entry, start, end };
}

/** Takes the entries out of what they were wrapped in. */
export const unwrapped = (root: XmlElement): XmlElement => ({
  ...root,
  children: root.children.flatMap((node): readonly XmlNode[] =>
    isElement(node) && node.name === filterEntryTable.tag ? node.children : [node],
  ),
});

/** The rules and included filters of a document, in their order. */
export const entriesOf = (root: XmlElement): readonly XmlElement[] => root.children.filter(isEntry);
