import { ownNamespace } from '../../xml/namespace.js';
import type { XmlElement } from '../../xml/node.js';

/** Returns the indexes of the metadata that libvirt drops: it keeps the first element of each namespace, and none without one. */
export function droppedMetadata(elements: readonly XmlElement[]): ReadonlySet<number> {
  const [uris, dropped] = [new Set<string>(), new Set<number>()];
  elements.forEach((element, i) => {
    const uri = ownNamespace(element);
    if (uri === undefined || uris.has(uri)) dropped.add(i);
    else uris.add(uri);
  });
  return dropped;
}

/** Returns the metadata that libvirt keeps. */
export function keptMetadata(elements: readonly XmlElement[]): readonly XmlElement[] {
  const dropped = droppedMetadata(elements);
  return elements.filter((_, i) => !dropped.has(i));
}
