import { isElement, type XmlElement } from './node.js';
import type { SourceText } from './source-text.js';

/** Placement of the children of a desired tree. */
export interface Placement {
  /** Where those stand that are in the source already. */
  readonly placed: ReadonlyMap<XmlElement, XmlElement>;
  /** Those to put in, with the place in the source that one is moved away from. */
  readonly missing: ReadonlyMap<XmlElement, XmlElement | undefined>;
}

/**
 * Puts elements into an element of the source: each after the one that it follows in the wanted tree, the first ones
 * before what follows them. Goes through the siblings once each way, since there can be very many.
 */
export function insertChildren(text: SourceText, node: XmlElement, after: XmlElement, placement: Placement): void {
  const { placed, missing } = placement;
  if (missing.size === 0) return;
  const siblings = after.children.filter(isElement);
  const first = placesOf(siblings, placed)[0] ?? node.children.find(isElement);
  if (first === undefined) return fill(text, node, [...missing.keys()]);
  const nexts = nextOfName(siblings, placed);
  const previousOnesOf = previousOnes(siblings, placed);
  for (const [element, from] of missing) {
    const [next, previous] = [nexts.get(element), previousOnesOf.get(element)];
    if (previous !== undefined && !(next !== undefined && stands(next) < stands(previous)))
      insertAfter(text, previous, element, from);
    else insertBefore(text, next ?? first, element, from);
  }
}

type Places = ReadonlyMap<XmlElement, XmlElement>;

const placesOf = (siblings: readonly XmlElement[], placed: Places): readonly XmlElement[] =>
  siblings.flatMap((sibling) => placed.get(sibling) ?? []);

const stands = ({ start }: XmlElement): number => start ?? 0;

/** The place of the one before; of the one of the same name where the source has that later, as its order is free. */
function previousOnes(siblings: readonly XmlElement[], placed: Places): Places {
  const previous = new Map<XmlElement, XmlElement>();
  const named = new Map<string, XmlElement>();
  let last: XmlElement | undefined;
  for (const sibling of siblings) {
    const place = placed.get(sibling);
    if (place !== undefined) {
      last = place;
      named.set(sibling.name, place);
    } else if (last !== undefined) {
      const own = named.get(sibling.name) ?? last;
      previous.set(sibling, stands(own) > stands(last) ? own : last);
    }
  }
  return previous;
}

/** The place of the next one of the same name, which must stay after. */
function nextOfName(siblings: readonly XmlElement[], placed: Places): Places {
  const next = new Map<XmlElement, XmlElement>();
  const named = new Map<string, XmlElement>();
  for (const sibling of siblings.toReversed()) {
    const place = placed.get(sibling);
    const own = named.get(sibling.name);
    if (place !== undefined) named.set(sibling.name, place);
    else if (own !== undefined) next.set(sibling, own);
  }
  return next;
}

/** Puts elements into one that had none. */
function fill(text: SourceText, node: XmlElement, elements: readonly XmlElement[]): void {
  const own = text.ownLineIndent(node);
  const indent = own === undefined ? undefined : own + text.unit;
  const printed = elements.map((element) => text.print(element, indent));
  if (indent === undefined) text.append(node, printed.join(''));
  else text.append(node, `${printed.map((one) => `\n${indent}${one}`).join('')}\n${own}`);
}

export function insertBefore(text: SourceText, next: XmlElement, element: XmlElement, from?: XmlElement): void {
  const indent = text.ownLineIndent(next);
  const at = (next.start ?? 0) - (indent ?? '').length;
  const printed = from === undefined ? text.print(element, indent) : text.written(from);
  text.replace(at, at, indent === undefined ? printed : `${indent}${printed}\n`);
}

export function insertAfter(text: SourceText, previous: XmlElement, element: XmlElement, from?: XmlElement): void {
  const indent = text.ownLineIndent(previous);
  const at = indent === undefined ? (previous.end ?? 0) : text.placeAfter(previous);
  const printed = from === undefined ? text.print(element, indent) : text.written(from);
  text.replace(at, at, indent === undefined ? printed : `\n${indent}${printed}`);
}
