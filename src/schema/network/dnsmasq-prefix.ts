import { declare, ownNamespace, prefixOf, resolve } from '../../xml/namespace.js';
import { isElement, type XmlElement, type XmlNode } from '../../xml/node.js';
import { DNSMASQ_NAMESPACE } from './network.js';

/** Name that the encoder gives dnsmasq's options, as libvirt does. */
const OPTIONS = 'dnsmasq:options';
const OPTION = 'dnsmasq:option';
const DECLARATION = 'xmlns:dnsmasq';

/** How a text names dnsmasq's options. */
interface Naming {
  /** Empty for a default namespace. */
  readonly prefix: string;
  /** The declaration that stands on the options themselves. */
  readonly inside?: string;
}

/**
 * An encoded `<network>` with dnsmasq's options named as in a text, which may give them any prefix, declare it on its
 * root or on the options themselves, and take the usual prefix for something else.
 *
 * @param tree - as the encoder makes it
 * @param root - the text's own `<network>`
 */
export function withPrefixOf(root: XmlElement, tree: XmlElement): XmlElement {
  const naming = namingIn(root);
  if (naming === undefined) return tree;
  const children = tree.children.map((child) => (isNamed(child, OPTIONS) ? renamed(child, naming) : child));
  return DECLARATION in root.attributes ? { ...tree, children } : { ...undeclared(tree), children };
}

function namingIn(root: XmlElement): Naming | undefined {
  const scope = declare(undefined, root);
  const options = root.children.find((child) => {
    if (!isElement(child)) return false;
    const { uri, local } = resolve(declare(scope, child), child.name);
    return uri === DNSMASQ_NAMESPACE && local === 'options';
  });
  if (options !== undefined && isElement(options)) return namingOf(options);
  const declaration = Object.keys(root.attributes).find((name) => root.attributes[name] === DNSMASQ_NAMESPACE);
  return declaration?.startsWith('xmlns:') ? { prefix: declaration.slice('xmlns:'.length) } : undefined;
}

function namingOf(options: XmlElement): Naming {
  const prefix = prefixOf(options.name);
  if (ownNamespace(options) === undefined) return { prefix };
  return { prefix, inside: prefix === '' ? 'xmlns' : `xmlns:${prefix}` };
}

function renamed(options: XmlElement, { prefix, inside }: Naming): XmlElement {
  const rename = (element: XmlElement): XmlElement => ({
    ...element,
    name: prefix === '' ? element.name.slice('dnsmasq:'.length) : element.name.replace('dnsmasq', prefix),
  });
  const { name, attributes } = rename(inside === DECLARATION ? options : undeclared(options));
  return {
    ...options,
    name,
    attributes: inside === undefined ? attributes : { [inside]: DNSMASQ_NAMESPACE, ...attributes },
    children: options.children.map((child) => (isNamed(child, OPTION) ? rename(child) : child)),
  };
}

const isNamed = (node: XmlNode, name: string): node is XmlElement => isElement(node) && node.name === name;

function undeclared(element: XmlElement): XmlElement {
  const { [DECLARATION]: _, ...attributes } = element.attributes;
  return { ...element, attributes };
}
