import { isElement, type XmlNode, type XmlText } from './node.js';

/** Only what XML itself calls blanks: others, such as a no-break space, are content. */
export const isBlank = (node: XmlNode): boolean => isText(node) && /^[ \t\n\r]*$/.test(node.text);
const isText = (node: XmlNode): node is XmlText => node.type === 'text' && node.cdata === undefined;

/** libxml2 keeps all further blanks of an element after a text that it had to look at closely. */
const isRemembered = (node: XmlNode): boolean => isText(node) && /^[ \t\n\r]|[^\0-\x7f]/.test(node.text);

/**
 * The nodes of an element without the blanks that only lay it out. As libxml2 decides it, blanks are
 * content where they are all there is, where text stands first or just before them (CDATA does not count),
 * and after text that itself begins with a blank or is not plain ASCII.
 */
export function withoutLayout(children: readonly XmlNode[]): readonly XmlNode[] {
  if (!children.some(isBlank)) return children;
  const kept: XmlNode[] = [];
  let keepsAll = false;
  for (const [i, child] of children.entries()) {
    const last = kept.at(-1);
    const isAlone = last === undefined && i === children.length - 1;
    if (isBlank(child) && !isAlone && !keepsAll && (last === undefined || !isText(last))) continue;
    keepsAll ||= isRemembered(child) || (last === undefined && isText(child));
    kept.push(child);
  }
  return kept;
}

/** The text that libvirt takes from what stands in an element: all of it but blanks that only lay it out. */
export function textValueOf(children: readonly XmlNode[]): string {
  const [first, second] = children;
  if (first?.type === 'text' && second === undefined) return first.text;
  let text = '';
  for (const child of withoutLayout(children)) {
    if (child.type === 'text') text += child.text;
    else if (isElement(child)) text += textValueOf(child.children);
  }
  return text;
}
