import { type ChildPair, pairChildren, sameTree } from './match.js';
import { isElement, textOf, type XmlDocument, type XmlElement } from './node.js';
import { type AttributeSpan, attributeSpans } from './position.js';
import { writeXml } from './write.js';

/** A change of a text: what stands from `start` to `end` becomes `text`. */
interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** How {@link editTree} treats what the text says without saying it. */
export interface EditOptions {
  /**
   * Whether a changed element that the text only implies (such as the interface of `<forward dev='eth0'>`)
   * is written out.
   */
  readonly writeImplied: boolean;
}

/**
 * Turns a document into another by changing as few bytes as possible: what both trees have alike stays as it
 * is written, comments, indentation, quotes and order included.
 *
 * @param document - the text and how it was read
 * @param before - the tree that the text means; may lack unknown parts and have another order
 * @param after - the tree that is wanted
 */
export function editTree(document: XmlDocument, before: XmlElement, after: XmlElement, options: EditOptions): string {
  const editor = new Editor(document, options);
  editor.edit(document.root, before, after);
  return applyEdits(document.source, editor.edits);
}

function applyEdits(source: string, edits: readonly TextEdit[]): string {
  // Insertions at one place keep the order in which they were made.
  const ordered = edits
    .map((edit, i) => ({ ...edit, i }))
    .sort((a, b) => a.start - b.start || a.end - b.end || a.i - b.i);
  let text = '';
  let at = 0;
  for (const edit of ordered) {
    text += source.slice(at, Math.max(at, edit.start)) + edit.text;
    at = Math.max(at, edit.end);
  }
  return text + source.slice(at);
}

class Editor {
  readonly edits: TextEdit[] = [];
  readonly #source: string;
  readonly #options: EditOptions;
  readonly #unit: string;

  constructor({ source, root }: XmlDocument, options: EditOptions) {
    this.#source = source;
    this.#options = options;
    const child = root.children.find(isElement);
    const indent = child === undefined ? undefined : this.#ownLineIndent(child);
    this.#unit =
      indent === undefined || indent === '' ? '  ' : indent.slice((this.#ownLineIndent(root) ?? '').length) || '  ';
  }

  /** Changes the source of one element from what it means to what it shall mean. */
  edit(node: XmlElement, before: XmlElement, after: XmlElement): void {
    if (sameTree(before, after)) return;
    this.#editAttributes(node, before, after);
    if (isTextLeaf(before) || isTextLeaf(after)) this.#editText(node, before, after);
    else this.#editChildren(node, before, after);
  }

  #editAttributes(node: XmlElement, before: XmlElement, after: XmlElement): void {
    const spans = attributeSpans(this.#source, node);
    for (const name of new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])) {
      const value = after.attributes[name];
      if (before.attributes[name] === value) continue;
      const span = spans.get(name);
      if (value === undefined) this.#removeAttribute(span);
      else if (span === undefined) this.#addAttribute(node, spans, name, value);
      else this.#replace(span.valueStart, span.valueEnd, escapeFor(value, span.quote));
    }
  }

  #removeAttribute(span: AttributeSpan | undefined): void {
    if (span === undefined) return;
    let start = span.start;
    while (/\s/.test(this.#source[start - 1] ?? '')) start--;
    this.#replace(start, span.valueEnd + 1, '');
  }

  #addAttribute(node: XmlElement, spans: ReadonlyMap<string, AttributeSpan>, name: string, value: string): void {
    const last = [...spans.values()].at(-1);
    const at = last === undefined ? (node.start ?? 0) + 1 + node.name.length : last.valueEnd + 1;
    const quote = last?.quote ?? "'";
    this.#replace(at, at, ` ${name}=${quote}${escapeFor(value, quote)}${quote}`);
  }

  #editText(node: XmlElement, before: XmlElement, after: XmlElement): void {
    if (textOf(before) === textOf(after)) return;
    const inner = this.#inner(node);
    if (inner === undefined) this.#replace(node.start ?? 0, node.end ?? 0, writeXml(after).trimEnd());
    else this.#replace(inner.start, inner.end, escapeFor(textOf(after), '"'));
  }

  /** Where the content of an element stands; nothing for `<a/>`. */
  #inner(node: XmlElement): { readonly start: number; readonly end: number } | undefined {
    const last = [...attributeSpans(this.#source, node).values()].at(-1);
    const from = last === undefined ? (node.start ?? 0) + 1 + node.name.length : last.valueEnd + 1;
    const close = this.#source.indexOf('>', from);
    if (this.#source[close - 1] === '/') return undefined;
    return { start: close + 1, end: this.#source.lastIndexOf('</', (node.end ?? 0) - 1) };
  }

  #editChildren(node: XmlElement, before: XmlElement, after: XmlElement): void {
    const found = new SourceChildren(node, before);
    const added: ChildPair[] = [];
    const pairs = pairChildren(before, after);
    for (const pair of pairs) {
      const source = pair.before === undefined ? undefined : found.of(pair.before);
      if (pair.after === undefined) this.#removeElement(source);
      else if (pair.before === undefined) added.push(pair);
      else if (source !== undefined) this.#editChild(source, pair.before, pair.after);
      else if (!sameTree(pair.before, pair.after) && this.#options.writeImplied) added.push(pair);
    }
    const wanted = added.filter((pair) => this.#options.writeImplied || !found.isImplied(pair.after?.name ?? ''));
    this.#addElements(node, after, wanted, placedElements(pairs, found));
  }

  #editChild(source: XmlElement, before: XmlElement, after: XmlElement): void {
    // Foreign content has no table; it is replaced as a whole.
    if (before.children.some((child) => child.type === 'text') && before.children.some(isElement)) {
      if (!sameTree(before, after)) this.#replace(source.start ?? 0, source.end ?? 0, writeXml(after).trimEnd());
    } else this.edit(source, before, after);
  }

  #removeElement(node: XmlElement | undefined): void {
    if (node?.start === undefined || node.end === undefined) return;
    const indent = this.#ownLineIndent(node);
    const lineEnd = /[ \t]*(\r?\n|$)/y;
    lineEnd.lastIndex = node.end;
    const rest = lineEnd.exec(this.#source)?.[0];
    if (indent === undefined || rest === undefined) this.#replace(node.start, node.end, '');
    else this.#replace(node.start - indent.length, node.end + rest.length, '');
  }

  /** The blanks before an element that begins its line. */
  #ownLineIndent(node: XmlElement): string | undefined {
    const start = node.start ?? 0;
    const line = this.#source.slice(this.#source.lastIndexOf('\n', start - 1) + 1, start);
    return /^[ \t]*$/.test(line) ? line : undefined;
  }

  #addElements(
    node: XmlElement,
    after: XmlElement,
    added: readonly ChildPair[],
    placed: ReadonlyMap<XmlElement, XmlElement>,
  ): void {
    if (added.length === 0) return;
    const inner = this.#inner(node);
    const wanted = added.flatMap((pair) => pair.after ?? []);
    if (inner === undefined || !node.children.some(isElement)) return this.#fill(node, inner, wanted);
    for (const element of wanted) this.#insert(element, after, placed, inner.start);
  }

  /** Puts elements into one that had none. */
  #fill(
    node: XmlElement,
    inner: { readonly start: number; readonly end: number } | undefined,
    elements: readonly XmlElement[],
  ): void {
    const own = this.#ownLineIndent(node) ?? '';
    const text = elements.map((element) => this.#print(element, own + this.#unit)).join('');
    if (inner !== undefined) {
      const content = this.#source.slice(inner.start, inner.end);
      const kept = content.trimEnd();
      return this.#replace(inner.start, inner.end, `${kept}\n${text}${own}`);
    }
    const end = node.end ?? 0;
    const slash = this.#source.slice(0, end).search(/\s*\/>$/);
    this.#replace(slash === -1 ? end - 2 : slash, end, `>\n${text}${own}</${node.name}>`);
  }

  /** Puts an element behind the one that it follows in the wanted tree, or before the one that follows it. */
  #insert(element: XmlElement, after: XmlElement, placed: ReadonlyMap<XmlElement, XmlElement>, start: number): void {
    const siblings = after.children.filter(isElement);
    const at = siblings.indexOf(element);
    const previous = siblings
      .slice(0, at)
      .reverse()
      .flatMap((one) => placed.get(one) ?? [])[0];
    const next = siblings.slice(at + 1).flatMap((one) => placed.get(one) ?? [])[0];
    if (previous?.end !== undefined) {
      const indent = this.#ownLineIndent(previous);
      const text = indent === undefined ? this.#inline(element) : `\n${this.#print(element, indent).trimEnd()}`;
      const at = indent === undefined ? previous.end : this.#behindRemark(previous.end);
      return this.#replace(at, at, text);
    }
    if (next?.start === undefined) return this.#replace(start, start, this.#inline(element));
    const indent = this.#ownLineIndent(next);
    if (indent === undefined) this.#replace(next.start, next.start, this.#inline(element));
    else this.#replace(next.start - indent.length, next.start - indent.length, this.#print(element, indent));
  }

  /** A comment behind an element on its line belongs to that element. */
  #behindRemark(at: number): number {
    const remark = /[ \t]*<!--(?:(?!-->)[^\n])*-->[ \t]*(?=\r?\n)/y;
    remark.lastIndex = at;
    return at + (remark.exec(this.#source)?.[0].length ?? 0);
  }

  /** The element on lines of its own, in the indentation of the text. */
  #print(element: XmlElement, indent: string): string {
    return writeXml(element)
      .trimEnd()
      .split('\n')
      .map((line) => {
        const depth = (/^ */.exec(line)?.[0].length ?? 0) / 2;
        return `${indent}${this.#unit.repeat(depth)}${line.trimStart()}\n`;
      })
      .join('');
  }

  #inline(element: XmlElement): string {
    return writeXml(element).trimEnd().replace(/\n */g, '');
  }

  #replace(start: number, end: number, text: string): void {
    this.edits.push({ start, end, text });
  }
}

const isTextLeaf = (element: XmlElement): boolean =>
  element.children.length > 0 && element.children.every((child) => child.type === 'text');

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

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Finds the children of an element in the source: the n-th of a name there is the n-th of that name in the tree. */
class SourceChildren {
  readonly #bySource = new Map<string, XmlElement[]>();
  readonly #places = new Map<XmlElement, readonly [name: string, index: number]>();
  readonly #counts = new Map<string, number>();

  constructor(node: XmlElement, before: XmlElement) {
    for (const child of node.children) {
      if (!isElement(child)) continue;
      this.#bySource.set(child.name, [...(this.#bySource.get(child.name) ?? []), child]);
    }
    for (const child of before.children) {
      if (!isElement(child)) continue;
      const index = this.#counts.get(child.name) ?? 0;
      this.#counts.set(child.name, index + 1);
      this.#places.set(child, [child.name, index]);
    }
  }

  of(child: XmlElement): XmlElement | undefined {
    const [name, index] = this.#places.get(child) ?? ['', 0];
    return this.#named(name)[index];
  }

  /** Whether the text has fewer elements of a name than it means. */
  isImplied(name: string): boolean {
    return this.#named(name).length < (this.#counts.get(name) ?? 0);
  }

  /** Prefixes are the author's choice; only those of dnsmasq's namespace can differ from the tree's. */
  #named(name: string): readonly XmlElement[] {
    const same = this.#bySource.get(name);
    if (same !== undefined || !name.startsWith('dnsmasq:')) return same ?? [];
    return [...this.#bySource.entries()].find(([other]) => localName(other) === localName(name))?.[1] ?? [];
  }
}

/** Where the elements of the wanted tree stand in the source, as far as they do. */
function placedElements(pairs: readonly ChildPair[], found: SourceChildren): ReadonlyMap<XmlElement, XmlElement> {
  const placed = new Map<XmlElement, XmlElement>();
  for (const { before, after } of pairs) {
    const source = before === undefined ? undefined : found.of(before);
    if (source !== undefined && after !== undefined) placed.set(after, source);
  }
  return placed;
}
