import { LibvirtError } from '../errors/index.js';
import { isElementNode } from '../schema/values.js';
import { ownNamespace } from '../xml/namespace.js';
import type { XmlElement } from '../xml/node.js';
import { itemsOf } from './argument.js';

/** The elements but those in a namespace. */
export const outside = (elements: readonly XmlElement[] | undefined, uri: string): readonly XmlElement[] =>
  itemsOf(elements).filter((element) => namespaceOf(element) !== uri);

/** The namespace of an element that declares it itself, as libvirt demands in metadata. */
export const namespaceOf = (element: XmlElement): string | undefined =>
  isElementNode(element) ? ownNamespace(element) : undefined;

/** The namespace of an element that goes into the metadata of a network. */
export function expectNamespace(element: XmlElement, network: string): string {
  const uri = namespaceOf(element);
  if (uri !== undefined) return uri;
  throw new LibvirtError('INVALID_ARGUMENT', 'metadata must be an XML element with its own namespace and children', {
    network,
    hint: 'declare one on the element itself: xmlns:app="https://example.com/app"',
  });
}
