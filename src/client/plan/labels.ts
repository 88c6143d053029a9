import { namespaceOf } from '../../model/metadata.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { isKnownTo, knownRelease } from '../../schema/release.js';
import { selfContained } from '../../xml/namespace.js';
import type { XmlElement } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { printXml } from '../../xml/write.js';
import { withNamespace, withoutNamespace } from '../metadata.js';
import { keyOf } from './compare.js';

/** A change of what people and applications read: no guest depends on it. */
export type LabelChange =
  | { readonly action: 'text'; readonly kind: 'title' | 'description'; readonly text: string }
  | { readonly action: 'metadata'; readonly uri: string; readonly key: string; readonly xml?: string | undefined };

/** Tells whether a daemon can change labels of a running network. */
export const canRelabel = (release: string): boolean => isKnownTo(knownRelease(release), '9.7.0');

/** Lists the label changes that a running network accepts, since libvirt 9.7, to become the desired one. */
export function labelChanges(document: NetworkDocument, desired: NetworkDocument, release: string): LabelChange[] {
  if (!canRelabel(release)) return [];
  const texts = (['title', 'description'] as const).flatMap((kind): LabelChange[] =>
    (document[kind] ?? '') === (desired[kind] ?? '') ? [] : [{ action: 'text', kind, text: desired[kind] ?? '' }],
  );
  return [...texts, ...metadataChanges(document, desired)];
}

function metadataChanges(document: NetworkDocument, desired: NetworkDocument): LabelChange[] {
  const [is, next] = [byNamespace(document), byNamespace(desired)];
  const gone = [...is].flatMap(([uri, element]) => (next.has(uri) ? [] : [change(uri, element)]));
  const others = [...next].filter(([uri, element]) => keyOf(is.get(uri)) !== keyOf(element));
  return [...gone, ...others.map(([uri, element]) => change(uri, element, element))];
}

const change = (uri: string, { name }: XmlElement, kept?: XmlElement): LabelChange => ({
  action: 'metadata',
  uri,
  // libvirt wants a prefix of its own for the element.
  key: name.includes(':') ? name.slice(0, name.indexOf(':')) : 'app',
  ...(kept === undefined ? {} : { xml: printXml(withoutNamespace(kept, uri)).trimEnd() }),
});

const byNamespace = ({ metadata = [] }: NetworkDocument): ReadonlyMap<string, XmlElement> =>
  new Map(metadata.map((element) => [namespaceOf(element) ?? '', element]));

/** A definition after a change of a label. */
export function withLabel(document: NetworkDocument, change: LabelChange): NetworkDocument {
  if (change.action === 'text') return { ...document, [change.kind]: change.text };
  const others = (document.metadata ?? []).filter((element) => namespaceOf(element) !== change.uri);
  if (change.xml === undefined) return { ...document, metadata: others };
  const element = withNamespace(selfContained(readXml(change.xml).root, undefined), change.uri, change.key);
  return { ...document, metadata: [...others, element] };
}
