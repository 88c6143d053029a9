import type { XmlElement } from '../../xml/node.js';
import { isElement } from '../../xml/node.js';
import { printXml } from '../../xml/write.js';
import { encode } from '../encode.js';
import { NEWEST_RELEASE } from '../release.js';
import { canonicalNetwork } from './canonical.js';
import { DNSMASQ_NAMESPACE, type NetworkDocument, networkTable } from './network.js';

const DECLARATION = 'xmlns:dnsmasq';

/** The `<network>` element as libvirt would print it, unknown parts included. Checks nothing. */
export const encodeNetwork = (document: NetworkDocument, release: string = NEWEST_RELEASE): XmlElement =>
  declared(encode(networkTable, canonicalNetwork(document, release), release));

/** The `<network>` element as the document says it: nothing filled in, and nothing dropped that means nothing. */
export const encodeAsGiven = (document: NetworkDocument, release: string = NEWEST_RELEASE): XmlElement =>
  declared(encode(networkTable, document, release));

function declared(root: XmlElement): XmlElement {
  const own = root.attributes[DECLARATION];
  const usesOptions = root.children.some((child) => isElement(child) && child.name === 'dnsmasq:options');
  if (own !== undefined && own !== DNSMASQ_NAMESPACE) return usesOptions ? declareInside(root) : root;
  if (own === undefined && !usesOptions) return root;
  const { [DECLARATION]: _, ...others } = root.attributes;
  const needed = usesOptions || usesPrefix(root, 'dnsmasq:');
  // libvirt prints the declaration first.
  return { ...root, attributes: needed ? { [DECLARATION]: DNSMASQ_NAMESPACE, ...others } : others };
}

/** Someone else took the prefix on the root: the options element declares its own meaning. */
function declareInside(root: XmlElement): XmlElement {
  const children = root.children.map((child) =>
    isElement(child) && child.name === 'dnsmasq:options'
      ? { ...child, attributes: { [DECLARATION]: DNSMASQ_NAMESPACE, ...child.attributes } }
      : child,
  );
  return { ...root, children };
}

const usesPrefix = (element: XmlElement, prefix: string): boolean =>
  element.name.startsWith(prefix) ||
  Object.keys(element.attributes).some((name) => name.startsWith(prefix)) ||
  element.children.some((child) => isElement(child) && usesPrefix(child, prefix));

/** The document as text, byte for byte as libvirt prints it. Checks nothing. */
export const writeNetwork = (document: NetworkDocument, release: string = NEWEST_RELEASE): string =>
  printNetwork(encodeNetwork(document, release));

/** A `<network>` element as text, byte for byte as libvirt prints it. */
export function printNetwork(root: XmlElement): string {
  // Others may use the name as well, in a namespace or deeper down.
  const metadata = root.children.find(
    (child) => isElement(child) && child.name === 'metadata' && child.attributes['xmlns'] === undefined,
  );
  return printXml(root, (element) => element === metadata);
}
