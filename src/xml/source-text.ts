import { isElement, type XmlDocument, type XmlElement } from './node.js';
import { contentSpan, type Span } from './position.js';
import { writeInline, writeLines } from './write.js';

/** A change of a text: what stands from `start` to `end` becomes `text`. */
interface TextEdit extends Span {
  readonly text: string;
}

/** A text as somebody laid it out, and the changes to make in it. */
export class SourceText {
  readonly source: string;
  /** A level of indentation. */
  readonly unit: string;
  readonly #lineEnd: string;
  readonly #edits: TextEdit[] = [];

  constructor({ source, root }: XmlDocument) {
    this.source = source;
    this.#lineEnd = /\r\n|[\r\n]/.exec(source)?.[0] ?? '\n';
    const child = root.children.find(isElement);
    const indent = child === undefined ? '' : (this.ownLineIndent(child) ?? '');
    this.unit = indent.slice((this.ownLineIndent(root) ?? '').length) || '  ';
  }

  /** Plans a change; line breaks of the new text become those of the source. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text: this.#lineEnd === '\n' ? text : text.replaceAll('\n', this.#lineEnd) });
  }

  /**
   * The text with all changes. Insertions at one place keep the order in which they were planned.
   *
   * @param others - further changes of the same text
   */
  changed(others: readonly SourceText[] = []): string {
    const edits = [this, ...others].flatMap((text) => text.#edits);
    let text = '';
    let at = 0;
    for (const edit of edits.sort((a, b) => a.start - b.start || a.end - b.end)) {
      text += this.source.slice(at, Math.max(at, edit.start)) + edit.text;
      at = Math.max(at, edit.end);
    }
    return text + this.source.slice(at);
  }

  /** An element in the indentation of the text, or on one line where it does not begin a line. */
  print(element: XmlElement, indent: string | undefined): string {
    return indent === undefined ? writeInline(element) : writeLines(element, indent, this.unit);
  }

  /** An element as it is written. */
  written(node: XmlElement): string {
    return this.source.slice(node.start, node.end).replace(/\r\n?/g, '\n');
  }

  /** The blanks before an element that begins its line. Looks no further back, since all may be on one line. */
  ownLineIndent(node: XmlElement): string | undefined {
    const end = node.start ?? 0;
    let start = end;
    while (isOneOf(' \t', this.source[start - 1])) start--;
    const isFirst = start === 0 || isOneOf('\n\r\ufeff', this.source[start - 1]);
    return isFirst ? this.source.slice(start, end) : undefined;
  }

  /** Plans new content for an element. */
  fill(node: XmlElement, content: string): void {
    const inner = contentSpan(this.source, node);
    if (inner === undefined) this.#open(node, content);
    else this.replace(inner.start, inner.end, content);
  }

  /** Plans more content for an element, after all but the blanks at its end. */
  append(node: XmlElement, content: string): void {
    const inner = contentSpan(this.source, node);
    if (inner === undefined) return this.#open(node, content);
    let end = inner.end;
    while (end > inner.start && isBlank(this.source[end - 1])) end--;
    this.replace(end, inner.end, content);
  }

  /** Plans content for an element that is closed in place. */
  #open(node: XmlElement, content: string): void {
    const end = node.end ?? 0;
    let start = end - 2;
    while (isBlank(this.source[start - 1])) start--;
    this.replace(start, end, `>${content}</${node.name}>`);
  }

  /** Plans to take an element out, with its line where it has one to itself. */
  remove(node: XmlElement | undefined): void {
    if (node === undefined) return;
    const [start, end] = [node.start ?? 0, node.end ?? 0];
    const indent = this.ownLineIndent(node);
    const lineEnd = /[ \t]*(\r\n|\n|\r|$)/y;
    lineEnd.lastIndex = end;
    const rest = lineEnd.exec(this.source)?.[0];
    if (indent === undefined || rest === undefined) this.replace(start, end, '');
    else this.replace(start - indent.length, end + rest.length, '');
  }

  /** The place after an element, and after a comment on its line, which belongs to that element. */
  placeAfter(node: XmlElement): number {
    const end = node.end ?? 0;
    const remark = /[ \t]*<!--(?:(?!-->)[^\r\n])*-->[ \t]*(?=[\r\n])/y;
    remark.lastIndex = end;
    return end + (remark.exec(this.source)?.[0].length ?? 0);
  }
}

const isOneOf = (characters: string, one: string | undefined): boolean => one !== undefined && characters.includes(one);
const isBlank = (character: string | undefined): boolean => isOneOf(' \t\r\n', character);
