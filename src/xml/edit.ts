import { insertChildren } from './insert.js';
import { isBlank, withoutLayout } from './layout.js';
import { movedElements, pairChildren, sameTree } from './match.js';
import { selfContained } from './namespace.js';
import { isElement, textOf, type XmlDocument, type XmlElement, type XmlNode } from './node.js';
import { type AttributeSpan, attributeSpans } from './position.js';
import { type Scopes, SourceChildren, scopesIn } from './source-children.js';
import { SourceText } from './source-text.js';

/**
 * Turns a document into another by changing as few bytes as possible: what both trees have alike stays as it
 * is written, comments, indentation, quotes and order included. What the text only implies, such as the interface of
 * `<forward dev='eth0'>`, is left implied; whether the result then means what is wanted is for the caller to see.
 *
 * @param document - the text and how it was read
 * @param before - the tree that the text means; may lack unknown parts and have another order
 * @param after - the tree that is wanted
 */
export function editTree(document: XmlDocument, before: XmlElement, after: XmlElement): string {
  return edited(document, before, after).changed();
}

/** A change of one element of a text. */
export interface ElementChange {
  readonly node: XmlElement;
  readonly before: XmlElement;
  readonly after: XmlElement;
}

/** Turns elements of a text, of which none is in another, into others, as {@link editTree} does with one. */
export function editElements(source: string, changes: readonly ElementChange[]): string {
  const [first, ...others] = changes.map(({ node, before, after }) => edited({ root: node, source }, before, after));
  return first?.changed(others) ?? source;
}

function edited(document: XmlDocument, before: XmlElement, after: XmlElement): SourceText {
  const text = new SourceText(document);
  new Editor(text).edit(document.root, before, after, { source: undefined, before: undefined, after: undefined });
  return text;
}

class Editor {
  readonly #text: SourceText;

  constructor(text: SourceText) {
    this.#text = text;
  }

  /** Changes the source of one element from its present meaning to the desired one. */
  edit(node: XmlElement, before: XmlElement, after: XmlElement, around: Scopes): void {
    if (sameTree(before, after)) return;
    this.#editAttributes(node, before, after);
    if (isSameContent(before, after)) return;
    if (isWholeContent(before, after)) this.#editContent(node, after);
    else this.#editChildren(node, before, after, scopesIn(around, node, before, after));
  }

  #editAttributes(node: XmlElement, before: XmlElement, after: XmlElement): void {
    const spans = attributeSpans(this.#text.source, node);
    for (const name of new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])) {
      const value = after.attributes[name];
      if (before.attributes[name] === value) continue;
      const span = spans.get(name);
      if (value === undefined) this.#removeAttribute(span);
      else if (span === undefined) this.#addAttribute(node, spans, name, value);
      else this.#text.replace(span.valueStart, span.valueEnd, escapeFor(value, span.quote));
    }
  }

  #removeAttribute(span: AttributeSpan | undefined): void {
    if (span === undefined) return;
    let start = span.start;
    while (/\s/.test(this.#text.source[start - 1] ?? '')) start--;
    this.#text.replace(start, span.valueEnd + 1, '');
  }

  #addAttribute(node: XmlElement, spans: ReadonlyMap<string, AttributeSpan>, name: string, value: string): void {
    const last = [...spans.values()].at(-1);
    const at = last === undefined ? (node.start ?? 0) + 1 + node.name.length : last.valueEnd + 1;
    const quote = last?.quote ?? "'";
    this.#text.replace(at, at, ` ${name}=${quote}${escapeFor(value, quote)}${quote}`);
  }

  /** Replaces all content of an element; only remarks beside its text stay. */
  #editContent(node: XmlElement, after: XmlElement): void {
    const { name } = after;
    const bare = { ...after, attributes: {}, children: besideRemarks(node, after) };
    const printed = this.#text.print(bare, this.#text.ownLineIndent(node));
    const content = printed.endsWith('/>') ? '' : printed.slice(`<${name}>`.length, -`</${name}>`.length);
    this.#text.fill(node, content);
  }

  #editChildren(node: XmlElement, before: XmlElement, after: XmlElement, scopes: Scopes): void {
    const found = new SourceChildren(node, before, scopes);
    const placed = new Map<XmlElement, XmlElement>();
    const missing = new Map<XmlElement, XmlElement | undefined>();
    const pairs = pairChildren(before, after);
    const moved = movedElements(pairs);
    for (const { before: old, after: wanted } of pairs) {
      const place = old === undefined ? found.takeIdle(wanted) : found.placeOf(old);
      if (wanted === undefined) this.#text.remove(place);
      else if (place !== undefined) {
        placed.set(wanted, place);
        this.edit(place, old ?? idleTree(place), wanted, scopes);
      } else if (old === undefined && !found.isImplied(wanted)) missing.set(wanted, found.placeOf(moved.get(wanted)));
    }
    for (const place of found.idleLike(before, after)) this.#text.remove(place);
    insertChildren(this.#text, node, after, { placed, missing });
  }
}

/** Returns the tree of an element that has no effect. */
function idleTree(place: XmlElement): XmlElement {
  const tree = selfContained(place, undefined);
  return { ...tree, children: tree.children.filter((child) => !isBlank(child)) };
}

/** Tells whether nothing but attributes is to be changed. Text may be spelled in several ways, and have remarks in it. */
const isSameContent = (before: XmlElement, after: XmlElement): boolean =>
  sameTree({ ...after, children: before.children }, after) ||
  (shapeOf(after) === 'text' && textOf(before) === textOf(after) && remarksOf(after).length === 0);

/** Tells whether content is changed as a whole: text, text beside elements or in their place, and other remarks. */
function isWholeContent(before: XmlElement, after: XmlElement): boolean {
  const shapes = [shapeOf(before), shapeOf(after)];
  if (shapes.includes('text') || shapes.includes('mixed')) return true;
  const remarks = remarksOf(after);
  return remarks.length > 0 && !sameTree({ ...after, children: remarks }, { ...after, children: remarksOf(before) });
}

/** New text with the remarks that stood before and after the old one. */
function besideRemarks(node: XmlElement, after: XmlElement): readonly XmlNode[] {
  if (shapeOf(after) !== 'text' || shapeOf(node) !== 'text' || remarksOf(after).length > 0) return after.children;
  const at = node.children.findIndex((child) => child.type === 'text' && !isBlank(child));
  const before = node.children.slice(0, at).filter(isRemark);
  return [...before, ...after.children, ...node.children.slice(at + 1).filter(isRemark)];
}

function shapeOf({ children }: XmlElement): 'empty' | 'text' | 'elements' | 'mixed' {
  const nodes = withoutLayout(children);
  const isText = nodes.some((node) => node.type === 'text');
  if (!nodes.some(isElement)) return isText ? 'text' : 'empty';
  return isText ? 'mixed' : 'elements';
}

const isRemark = (node: XmlNode): boolean => node.type === 'comment' || node.type === 'instruction';
const remarksOf = ({ children }: XmlElement): readonly XmlNode[] => children.filter(isRemark);

function escapeFor(value: string, quote: "'" | '"'): string {
  const escaped = value.replace(/[&<>\n\r\t]/g, (character) => ESCAPES[character] ?? character);
  return quote === '"' ? escaped.replaceAll('"', '&quot;') : escaped.replaceAll("'", '&apos;');
}
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};
