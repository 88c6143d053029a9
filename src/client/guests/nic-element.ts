import { isElement, type XmlElement, type XmlNode } from '../../xml/node.js';

/** The child of a name. */
export const childOf = (parent: XmlElement, name: string): XmlElement | undefined =>
  parent.children.filter(isElement).find((child) => child.name === name);

/** An attribute of a child, such as `source@network`. */
export const attributeOf = (parent: XmlElement, child: string, attribute: string): string | undefined =>
  childOf(parent, child)?.attributes[attribute];

/** An element with attributes of a child set, in place of those that are there; `undefined` takes an attribute away. */
export function withChild(
  parent: XmlElement,
  name: string,
  given: Readonly<Record<string, string | undefined>>,
): XmlElement {
  const old = childOf(parent, name);
  const attributes = Object.fromEntries(
    Object.entries({ ...old?.attributes, ...given }).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const],
    ),
  );
  return withElement(parent, { type: 'element', name, attributes, children: old?.children ?? [] });
}

/** An element with a child in place of the one of that name, or at the end. */
export function withElement(parent: XmlElement, child: XmlElement): XmlElement {
  const old = childOf(parent, child.name);
  const children =
    old === undefined ? [...parent.children, child] : parent.children.map((one) => (one === old ? child : one));
  return { ...parent, children };
}

/** An element without a child. */
export const withoutChild = (parent: XmlElement, name: string): XmlElement => ({
  ...parent,
  children: parent.children.filter((child) => !isElement(child) || child.name !== name),
});

/** An element without the blanks between its children, which are layout. */
export const withoutBlanks = (node: XmlElement): XmlElement => ({
  ...node,
  children: node.children.flatMap((child): readonly XmlNode[] => {
    if (isElement(child)) return [withoutBlanks(child)];
    return child.type === 'text' && child.text.trim() !== '' ? [child] : [];
  }),
});
