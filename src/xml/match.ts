import { isElement, type XmlElement, type XmlNode } from './node.js';

/** A child of the tree before, of the tree after, or of both. */
export interface ChildPair {
  readonly before?: XmlElement;
  readonly after?: XmlElement;
}

/** Whether two nodes say the same; the order of attributes does not count. */
export function sameTree(a: XmlNode, b: XmlNode): boolean {
  if (a.type !== 'element' || b.type !== 'element')
    return a.type === b.type && 'text' in a && 'text' in b && a.text === b.text;
  const names = Object.keys(a.attributes);
  return (
    a.name === b.name &&
    names.length === Object.keys(b.attributes).length &&
    names.every((name) => a.attributes[name] === b.attributes[name]) &&
    a.children.length === b.children.length &&
    a.children.every((child, i) => sameTree(child, b.children[i] ?? { type: 'text', text: '' }))
  );
}

/** Pairs the child elements of two trees: name by name, those that are alike, then those of one identity. */
export function pairChildren(before: XmlElement, after: XmlElement): ChildPair[] {
  const groups = new Map<string, { readonly before: XmlElement[]; readonly after: XmlElement[] }>();
  const groupOf = (name: string) => {
    const group = groups.get(name) ?? { before: [], after: [] };
    groups.set(name, group);
    return group;
  };
  for (const child of before.children) if (isElement(child)) groupOf(child.name).before.push(child);
  for (const child of after.children) if (isElement(child)) groupOf(child.name).after.push(child);
  return [...groups.values()].flatMap((group) => pairLists(group.before, group.after));
}

function pairLists(before: readonly XmlElement[], after: readonly XmlElement[]): ChildPair[] {
  let start = 0;
  while (start < before.length && start < after.length && alike(before[start], after[start])) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && alike(before.at(-1 - end), after.at(-1 - end))) end++;
  const pairs: ChildPair[] = [];
  for (let i = 0; i < start; i++) pairs.push(pairOf(before[i], after[i]));
  pairs.push(...pairMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)));
  for (let i = end; i > 0; i--) pairs.push(pairOf(before.at(-i), after.at(-i)));
  return pairs;
}

const alike = (a: XmlElement | undefined, b: XmlElement | undefined): boolean =>
  a !== undefined && b !== undefined && sameTree(a, b);

const pairOf = (before: XmlElement | undefined, after: XmlElement | undefined): ChildPair => ({
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});

/** Identity pairs must keep the order; what cannot is taken away and put in again. */
function pairMiddle(before: readonly XmlElement[], after: readonly XmlElement[]): ChildPair[] {
  const byIdentity = new Map<string, number>();
  after.forEach((element, i) => {
    const key = identityOf(element);
    if (!byIdentity.has(key)) byIdentity.set(key, i);
  });
  const partner = new Map<number, number>();
  let least = 0;
  before.forEach((element, i) => {
    const match = byIdentity.get(identityOf(element));
    if (match === undefined || match < least) return;
    partner.set(i, match);
    least = match + 1;
  });
  if (partner.size === 0 && before.length === after.length)
    return before.map((element, i) => pairOf(element, after[i]));
  const taken = new Set(partner.values());
  const added = after.filter((_, i) => !taken.has(i)).map((element) => pairOf(undefined, element));
  return [...before.map((element, i) => pairOf(element, after[partner.get(i) ?? -1])), ...added];
}

const KEYS = ['ip', 'address', 'start', 'name', 'dev', 'id', 'service', 'addr', 'domain', 'value'];

function identityOf({ attributes, children }: XmlElement): string {
  const key = KEYS.find((name) => name in attributes);
  if (key !== undefined) return `${key}=${attributes[key]}`;
  const text = children.find((child) => child.type === 'text');
  return text === undefined ? '' : text.text;
}
