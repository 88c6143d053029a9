import { LibvirtError } from '../errors/index.js';
import { optionsOf } from '../options/options.js';
import { encodeAsGiven, encodeNetwork } from '../schema/network/codec.js';
import { withPrefixOf } from '../schema/network/dnsmasq-prefix.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { readEdited, treeOf } from '../schema/network/read.js';
import type { ReleaseOption } from '../schema/release.js';
import { editTree } from '../xml/edit.js';
import { sameTree } from '../xml/match.js';
import { isElement, type XmlDocument, type XmlElement, type XmlNode } from '../xml/node.js';
import { expectFunction, itemsOf } from './argument.js';
import { assertShape } from './assert-shape.js';
import { BaseNetwork, comparable } from './base.js';
import { differences, sameValue } from './diff.js';
import { namespaceOf } from './metadata.js';
import { type AnyNetwork, Network } from './network.js';
import { PRINT_OPTIONS, type ToXmlOptions } from './print-options.js';

/**
 * Changes a `<network>` text and keeps everything else byte for byte: comments, indentation, quotes and order. A comment in metadata stays even if the new element has none.
 *
 * @param source - the text as somebody wrote it
 * @param change - receives the network and returns the changed one, which may be of another kind
 * @param options - the libvirt release, and whether the result is checked
 * @returns the text with only the touched bytes changed; the same text when nothing was
 * @throws {@link XmlSyntaxError} or {@link ValidationError} when the source is refused, {@link ValidationError}
 *   when the result would be, {@link LibvirtError} code `UNSUPPORTED` when the change cannot be written into the text,
 *   `INVALID_ARGUMENT` when `change` gives no network
 *
 * @example
 * ```ts
 * const next = editXml(text, (network) => network.with({ domain: { name: 'lab.test' } }));
 * ```
 */
export function editXml(
  source: string,
  change: (network: AnyNetwork) => BaseNetwork,
  options: ToXmlOptions = {},
): string {
  expectFunction(change, 'editXml');
  const { check, ...release } = optionsOf(options, PRINT_OPTIONS, 'editXml');
  const network = Network.parse(source, release);
  const wanted = withPlacesOf(network, networkFrom(change(network)));
  if (check === false) assertShape(wanted.document, release);
  else wanted.assertDefinable(release);
  const tree = treeOf(source);
  for (const [from, to] of WAYS) {
    const before = withPrefixOf(tree.root, from(network.document, release.libvirt));
    const text = editTree(tree, before, withPrefixOf(tree.root, to(wanted.document, release.libvirt)));
    if (sameValue(documentIn(text, tree, release), wanted.document) || says(text, wanted, release)) return text;
  }
  throw new LibvirtError('UNSUPPORTED', `cannot write the change into the text of network "${network.name}"`, {
    network: network.name,
    hint: 'print the changed network with toXml() instead',
  });
}

/**
 * Ways to compare networks when looking for the places to edit. Comparing effects touches the least. Where the text implies something or has parts without effect, as with `<forward dev='a'/>` and `<nat/>`, the words count, and finally everything is spelled out.
 */
const WAYS = [
  [encodeNetwork, encodeNetwork],
  [encodeAsGiven, encodeAsGiven],
  [encodeAsGiven, encodeNetwork],
] as const;

/** Metadata is found by its namespace, so what was there before need not move. */
function withPlacesOf(network: BaseNetwork, changed: BaseNetwork): BaseNetwork {
  const places = itemsOf(network.document.metadata).map(namespaceOf);
  const placeOf = (element: XmlElement) => {
    const place = places.indexOf(namespaceOf(element));
    return place === -1 ? places.length : place;
  };
  const metadata = itemsOf(changed.document.metadata);
  const placed = metadata.toSorted((a, b) => placeOf(a) - placeOf(b));
  return placed.every((element, i) => element === metadata[i]) ? changed : changed.with({ metadata: placed });
}

function networkFrom(changed: unknown): BaseNetwork {
  if (changed instanceof BaseNetwork) return changed;
  throw new LibvirtError('INVALID_ARGUMENT', 'the editXml callback must return a network', {
    hint: 'networks never change: return what the method gives, as in (network) => network.named("b")',
  });
}

/** The document of the edited text; nothing where it cannot be read. */
const documentIn = (text: string, before: XmlDocument, release: ReleaseOption): NetworkDocument | undefined =>
  ifReadable(() => readEdited(before, text, release));

/**
 * Tells whether a text describes the desired network; an edit that cannot be read does not. Comments in metadata do not count, and stay if a new element lacks them.
 */
const says = (text: string, wanted: BaseNetwork, release: ReleaseOption): boolean =>
  ifReadable(() => {
    // Not equals(): what changes nothing for libvirt is a change of the text all the same.
    const { document } = Network.parse(text, release);
    const isSame = differences(comparable(document), comparable(wanted.document)).length === 0;
    return isSame || sameTree(withoutRemarks(document), withoutRemarks(wanted.document));
  }) === true;

/** What is made of an edited text; nothing where the library refuses it. */
function ifReadable<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (LibvirtError.is(error)) return undefined;
    throw error;
  }
}

function withoutRemarks(document: NetworkDocument): XmlElement {
  const bare = (element: XmlElement): XmlElement => ({
    ...element,
    children: element.children.flatMap((child): XmlNode[] => {
      if (isElement(child)) return [bare(child)];
      return child.type === 'text' ? [child] : [];
    }),
  });
  return bare(encodeNetwork(document));
}
