import { XmlSyntaxError } from '../errors/index.js';
import { isElement, type XmlDocument, type XmlElement, type XmlNode } from './node.js';
import { contentSpan, type Span } from './position.js';
import { readXml } from './read.js';

/** Where two texts differ: what stood there, and by how many characters the second text is longer. */
interface Difference extends Span {
  readonly grown: number;
}

/**
 * Reads a text that differs from one that was read before. Elements that end before the difference or begin after it are
 * taken from the tree of that one, so that a change in a large text is read in little time. Their offsets, and those of the
 * elements around them, are not those in the new text.
 *
 * @param before - the text that was read before
 * @param text - the new text
 * @throws `XmlSyntaxError` when it is not well-formed
 */
export function reread(before: XmlDocument, text: string): XmlElement {
  return changedRoot(before, text) ?? readXml(text).root;
}

/** Of what is not well-formed by itself, more may belong to the change, such as to a comment that begins there. */
function changedRoot({ source, root }: XmlDocument, text: string): XmlElement | undefined {
  try {
    return new Rereader(source, text).read(root, []);
  } catch (error) {
    if (error instanceof XmlSyntaxError) return undefined;
    throw error;
  }
}

class Rereader {
  readonly #before: string;
  readonly #text: string;
  readonly #difference: Difference;

  constructor(before: string, text: string) {
    this.#before = before;
    this.#text = text;
    this.#difference = differenceOf(before, text);
  }

  /** Returns the element as it is now; nothing when the difference is not within its content. */
  read(node: XmlElement, around: readonly XmlElement[]): XmlElement | undefined {
    const content = contentSpan(this.#before, node);
    const { start, end } = this.#difference;
    if (content === undefined || content.start > start || content.end < end) return undefined;
    const { children } = node;
    const first = 1 + children.findLastIndex((child) => isElement(child) && (child.end ?? 0) <= start);
    const after = children.findIndex((child) => isElement(child) && (child.start ?? 0) >= end);
    const last = after === -1 ? children.length : after;
    const path = [...around, node];
    const changed =
      this.#readInside(children.slice(first, last), path) ?? this.#readBetween(content, first, last, path);
    return changed && { ...node, children: [...children.slice(0, first), ...changed, ...children.slice(last)] };
  }

  /** Where the difference is within one of the elements, only that one is read. */
  #readInside(between: readonly XmlNode[], path: readonly XmlElement[]): readonly XmlNode[] | undefined {
    const elements = between.filter(isElement);
    const [only] = elements;
    const inside = only === undefined || elements.length > 1 ? undefined : this.read(only, path);
    return inside && between.map((node) => (node === only ? inside : node));
  }

  /** Reads what stands between two children, inside of the start tags around it, unless it closes one of these. */
  #readBetween(
    content: Span,
    first: number,
    last: number,
    path: readonly XmlElement[],
  ): readonly XmlNode[] | undefined {
    const children = path.at(-1)?.children ?? [];
    const from = offset(children[first - 1], 'end') ?? content.start;
    const to = (offset(children[last], 'start') ?? content.end) + this.#difference.grown;
    const opened = path.map((node) => this.#before.slice(node.start, contentSpan(this.#before, node)?.start));
    const closed = path.map(({ name }) => `</${name}>`).toReversed();
    let { root } = readXml(opened.join('') + this.#text.slice(from, to) + closed.join(''));
    for (let depth = 1; depth < path.length; depth++) {
      const [inner, ...others] = root.children;
      if (inner === undefined || !isElement(inner) || others.length > 0) return undefined;
      root = inner;
    }
    return root.children;
  }
}

const offset = (node: XmlNode | undefined, side: 'start' | 'end'): number | undefined =>
  node !== undefined && isElement(node) ? node[side] : undefined;

function differenceOf(before: string, text: string): Difference {
  const shorter = Math.min(before.length, text.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === text.charCodeAt(start)) start++;
  const grown = text.length - before.length;
  let end = before.length;
  while (end > start && end + grown > start && before.charCodeAt(end - 1) === text.charCodeAt(end + grown - 1)) end--;
  return { start, end, grown };
}
