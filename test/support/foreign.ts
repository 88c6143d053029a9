import { type AnyTable, childTag } from '../../src/schema/element.js';
import { isElement, type XmlElement, type XmlNode } from '../../src/xml/node.js';
import type { Random } from './random.js';

const NASTY_TEXT = [
  '',
  'plain',
  ' blanks around ',
  "a'b",
  'a"b',
  'a<b>&c',
  'line\nbreak',
  'tab\there',
  'ä€😀',
  ']]>',
  '{{x}}',
];

/** Puts unknown elements and attributes, each with a name of its own, anywhere into a document. */
export class Injector {
  readonly #random: Random;
  readonly #table: AnyTable;
  #count = 0;

  /** @param table - the table of the documents' root */
  constructor(random: Random, table: AnyTable) {
    this.#random = random;
    this.#table = table;
  }

  /** A copy of the document with one to five unknown parts. */
  inject(root: XmlElement): XmlElement {
    let changed = root;
    for (let i = this.#random.int(1, 5); i > 0; i--) changed = this.#injectOne(changed, this.#table, true);
    return changed;
  }

  /** Goes down the tree by chance and changes the element it ends at. */
  #injectOne(element: XmlElement, table: AnyTable | undefined, isRoot: boolean): XmlElement {
    const inner = element.children.filter(isElement);
    if (inner.length > 0 && this.#random.chance(isRoot ? 0.85 : 0.6)) {
      const child = this.#random.pick(inner);
      const changed = this.#injectOne(child, tableOf(table, child), false);
      return { ...element, children: element.children.map((one) => (one === child ? changed : one)) };
    }
    return this.#random.chance(0.6) ? this.#addElement(element, table) : this.#addAttribute(element);
  }

  #addAttribute(element: XmlElement): XmlElement {
    const local = this.#name();
    const value = this.#random.pick(NASTY_TEXT);
    if (this.#random.chance(0.4)) return { ...element, attributes: { ...element.attributes, [local]: value } };
    const prefix = this.#random.pick(['a', 'b', 'dnsmasq']);
    const declaration = this.#declaration(element, prefix);
    return { ...element, attributes: { ...element.attributes, ...declaration, [`${prefix}:${local}`]: value } };
  }

  /** The namespace of a prefix: the one it has here, or one that is declared here now. */
  #declaration(element: XmlElement, prefix: string): Readonly<Record<string, string>> {
    const name = `xmlns:${prefix}`;
    return name in element.attributes ? {} : { [name]: this.#uri() };
  }

  #addElement(element: XmlElement, table: AnyTable | undefined): XmlElement {
    const [foreign, declaration] = this.#element(element, table);
    const at = this.#random.int(0, element.children.length);
    const children: XmlNode[] = [...element.children.slice(0, at), foreign, ...element.children.slice(at)];
    return { ...element, attributes: { ...element.attributes, ...declaration }, children };
  }

  /** An unknown element, and what its parent has to declare for it. */
  #element(parent: XmlElement, table: AnyTable | undefined): readonly [XmlElement, Readonly<Record<string, string>>] {
    const local = this.#localName(table);
    const make = (name: string, declared: Readonly<Record<string, string>>): XmlElement => ({
      type: 'element',
      name,
      attributes: { ...declared, ...this.#attributes() },
      children: this.#children(),
    });
    const prefix = this.#random.pick(['a', 'b', 'dnsmasq']);
    switch (this.#random.int(0, 3)) {
      case 0:
        return [make(this.#name(), {}), {}];
      case 1:
        return [make(local, { xmlns: this.#uri() }), {}];
      case 2:
        return [make(`${prefix}:${local}`, { [`xmlns:${prefix}`]: this.#uri() }), {}];
      default: {
        // A known name in the namespace of the table would be no unknown element.
        const isTaken = `xmlns:${prefix}` in parent.attributes;
        return [make(`${prefix}:${isTaken ? this.#name() : local}`, {}), this.#declaration(parent, prefix)];
      }
    }
  }

  #attributes(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#random.list(0, 2, () => [this.#name(), this.#random.pick(NASTY_TEXT)]));
  }

  #children(): XmlNode[] {
    return this.#random.list(0, 2, (): XmlNode => {
      if (this.#random.chance(0.5)) return { type: 'text', text: this.#random.pick(NASTY_TEXT) };
      return {
        type: 'element',
        name: this.#name(),
        attributes: this.#attributes(),
        children: [{ type: 'text', text: this.#random.pick(NASTY_TEXT) }],
      };
    });
  }

  /** Mostly a name of its own; in other namespaces also names that libvirt knows, where it minds namespaces. */
  #localName(table: AnyTable | undefined): string {
    const tags =
      table === undefined || table.anyNamespace
        ? []
        : Object.values(table.fields).flatMap(({ place }) => childTag(place) ?? []);
    return tags.length > 0 && this.#random.chance(0.3) ? this.#random.pick(tags) : this.#name();
  }

  #name(): string {
    this.#count += 1;
    return `f${this.#count}`;
  }

  #uri(): string {
    return `urn:example:${this.#random.int(1, 3)}`;
  }
}

function tableOf(table: AnyTable | undefined, child: XmlElement): AnyTable | undefined {
  const local = child.name.slice(child.name.indexOf(':') + 1);
  const place = Object.values(table?.fields ?? {}).find((field) => childTag(field.place) === local)?.place;
  return place?.at === 'one' || place?.at === 'many' ? place.table() : undefined;
}
