import { isElement, type XmlElement } from './node.js';
import type { SourceText } from './source-text.js';

/** What becomes of the children of a wanted tree. */
export interface Placement {
  /** Where those stand that are in the source already. */
  readonly placed: ReadonlyMap<XmlElement, XmlElement>;
  /** Those to put in, with the place in the source that one is moved away from. */
  readonly missing: ReadonlyMap<XmlElement, XmlElement | undefined>;
}

/**
 * Puts elements into an element of the source: each behind the one that it follows in the wanted tree, the first ones
 * before what follows them. Goes through the siblings once, since there can be very many.
 */
export function insertChildren(text: SourceText, node: XmlElement, after: XmlElement, placement: Placement): void {
  const { placed, missing } = placement;
  if (missing.size === 0) return;
  const siblings = after.children.filter(isElement);
  const anchor = siblings.find((one) => placed.has(one));
  const first = anchor === undefined ? node.children.find(isElement) : placed.get(anchor);
  if (first === undefined) return fill(text, node, [...missing.keys()]);
  let previous: XmlElement | undefined;
  for (const sibling of siblings) {
    if (!missing.has(sibling)) previous = placed.get(sibling) ?? previous;
    else if (previous === undefined) insertBefore(text, first, sibling, missing.get(sibling));
    else insertBehind(text, previous, sibling, missing.get(sibling));
  }
}

/** Puts elements into one that had none. */
function fill(text: SourceText, node: XmlElement, elements: readonly XmlElement[]): void {
  const own = text.ownLineIndent(node);
  const indent = own === undefined ? undefined : own + text.unit;
  const printed = elements.map((element) => text.print(element, indent));
  if (indent === undefined) text.append(node, printed.join(''));
  else text.append(node, `${printed.map((one) => `\n${indent}${one}`).join('')}\n${own}`);
}

function insertBefore(text: SourceText, next: XmlElement, element: XmlElement, from: XmlElement | undefined): void {
  const indent = text.ownLineIndent(next);
  const at = (next.start ?? 0) - (indent ?? '').length;
  const printed = from === undefined ? text.print(element, indent) : text.written(from);
  text.replace(at, at, indent === undefined ? printed : `${indent}${printed}\n`);
}

function insertBehind(text: SourceText, previous: XmlElement, element: XmlElement, from: XmlElement | undefined): void {
  const indent = text.ownLineIndent(previous);
  const at = indent === undefined ? (previous.end ?? 0) : text.behind(previous);
  const printed = from === undefined ? text.print(element, indent) : text.written(from);
  text.replace(at, at, indent === undefined ? printed : `\n${indent}${printed}`);
}
