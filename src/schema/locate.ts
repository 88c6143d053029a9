import { addTo } from '../lists/match.js';
import { localName } from '../xml/namespace.js';
import { isElement, type XmlDocument, type XmlElement } from '../xml/node.js';
import { type AttributeSpan, attributeSpans, Lines, type Position } from '../xml/position.js';
import { type AnyTable, childTag } from './element.js';
import { pathKeys } from './path.js';

/** The elements in an element, and those of each name. */
interface Children {
  readonly all: readonly XmlElement[];
  readonly named: ReadonlyMap<string, readonly XmlElement[]>;
}

/** Finds where in a text the parts of a document stand. */
export class Locator {
  readonly #document: XmlDocument;
  readonly #table: AnyTable;
  readonly #lines: Lines;
  readonly #spans = new Map<XmlElement, ReadonlyMap<string, AttributeSpan>>();
  readonly #children = new Map<XmlElement, Children>();

  /** @param table - the table of the document's root */
  constructor(document: XmlDocument, table: AnyTable) {
    this.#document = document;
    this.#table = table;
    this.#lines = new Lines(document.source);
  }

  /** The place of an element, or of one of its attributes. */
  ofNode(node: XmlElement, attribute?: string): Position {
    const span = attribute === undefined ? undefined : this.#spansOf(node).get(attribute);
    return this.#lines.at(span?.start ?? node.start ?? 0);
  }

  /** The place of a property, for a list of its first item; of the element around it when it is not there itself. */
  ofPath(path: string): Position {
    const { node, attribute, first } = this.find(path);
    return this.ofNode(first ?? node, attribute);
  }

  /** The element that holds a property, with the attribute where it is one and the first item where it is a list. */
  find(path: string): { readonly node: XmlElement; readonly attribute?: string; readonly first?: XmlElement } {
    let node = this.#document.root;
    let table: AnyTable | undefined = this.#table;
    let list: readonly XmlElement[] = [];
    let first: XmlElement | undefined;
    for (const key of pathKeys(path)) {
      first = undefined;
      if (typeof key === 'number') {
        node = list[key] ?? node;
        continue;
      }
      const place: AnyTable['fields'][string]['place'] | undefined = table?.fields[key]?.place;
      if (place === undefined) break;
      if (place.at === 'attribute') return { node, attribute: place.xml };
      list = this.#childrenOf(node).named.get(childTag(place) ?? '') ?? [];
      if (place.at === 'many' || place.at === 'leaves') first = list[0];
      else node = list[0] ?? node;
      if (place.at === 'raw') list = this.#childrenOf(node).all;
      table = place.at === 'one' || place.at === 'many' ? place.table() : undefined;
    }
    return first === undefined ? { node } : { node, first };
  }

  #spansOf(node: XmlElement): ReadonlyMap<string, AttributeSpan> {
    const known = this.#spans.get(node) ?? attributeSpans(this.#document.source, node);
    this.#spans.set(node, known);
    return known;
  }

  #childrenOf(node: XmlElement): Children {
    const known = this.#children.get(node);
    if (known !== undefined) return known;
    const all = node.children.filter(isElement);
    const named = new Map<string, XmlElement[]>();
    for (const child of all) addTo(named, localName(child.name), child);
    const made = { all, named };
    this.#children.set(node, made);
    return made;
  }
}
