import { emptyRecord } from './null-object.js';

/**
 * An XML element as plain data. Names are as written, prefix included; namespaces are resolved by
 * whoever needs them (see `namespace.ts`).
 */
export interface XmlElement {
  readonly type: 'element';
  /** The name as written, prefix included: `dnsmasq:options`. */
  readonly name: string;
  /**
   * Attributes in document order, values decoded and normalised (a raw tab or newline is a blank, as
   * XML demands). Has no prototype when read from text, so a name such as `__proto__` is harmless.
   */
  readonly attributes: Readonly<Record<string, string>>;
  /** Everything between the tags, blanks included. */
  readonly children: readonly XmlNode[];
  /** Printed with a closing tag on a line of its own even when it is empty, as libvirt does for `<ip>`. */
  readonly open?: true;
  /** Offset of the opening `<` in the source, in UTF-16 units; absent on elements that were built. */
  readonly start?: number;
  /** Offset after the closing `>` of the element. */
  readonly end?: number;
}

/** Character data, entities decoded. `cdata` remembers that it was written as a CDATA section. */
export interface XmlText {
  readonly type: 'text';
  readonly text: string;
  readonly cdata?: true;
}

/** A comment, without `<!--` and `-->`. */
export interface XmlComment {
  readonly type: 'comment';
  readonly text: string;
}

/** A processing instruction, verbatim with its delimiters. */
export interface XmlInstruction {
  readonly type: 'instruction';
  readonly text: string;
}

/** Anything that can stand inside an element. */
export type XmlNode = XmlElement | XmlText | XmlComment | XmlInstruction;

/** A whole document as read from text. */
export interface XmlDocument {
  readonly root: XmlElement;
  /** The text it was read from, for positions and edits. */
  readonly source: string;
}

/** What an element without attributes holds: one for all, since a document can have very many. */
export const NO_ATTRIBUTES: XmlElement['attributes'] = /* @__PURE__ */ Object.freeze(emptyRecord<string>());

/** What an element without content holds. */
export const NO_CHILDREN: XmlElement['children'] = /* @__PURE__ */ Object.freeze([]);

/** Tells elements from text, comments and instructions. */
export const isElement = (node: XmlNode): node is XmlElement => node.type === 'element';

/** All character data below an element, in order, as XPath `string()` gives it. */
export function textOf(element: XmlElement): string {
  let text = '';
  for (const child of element.children) {
    if (child.type === 'text') text += child.text;
    else if (child.type === 'element') text += textOf(child);
  }
  return text;
}
