import { withNamespace } from '../client/metadata.js';
import { XmlSyntaxError } from '../errors/index.js';
import { isLayer3, storedNetwork } from '../schema/network/canonical.js';
import { printNetwork, writeNetwork } from '../schema/network/codec.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { findInNetwork } from '../schema/network/read.js';
import { runningNetwork } from '../schema/network/running.js';
import type { XmlElement } from '../xml/node.js';
import { readXml } from '../xml/read.js';
import { escapeText } from '../xml/write.js';

/**
 * Returns how many bytes a daemon needs to print a network that it was given: completed, laid out, without what libvirt does not
 * know. What a daemon adds later, such as the guests of a running network, cannot be known.
 *
 * @param xml - the `<network>` document
 */
export const printedNetwork = (xml: string): number =>
  sizeOf(xml, () => {
    const { document } = findInNetwork(xml, { unknownWords: 'keep' });
    return writeNetwork(runningNetwork(completed(storedNetwork(document))));
  });

/** An element of metadata without its namespace, as operations have it. */
export interface MetadataText {
  readonly xml: string;
  readonly uri: string;
  readonly key: string;
}

/** Returns how many bytes a daemon needs to print a network that holds an element of metadata and nothing else. */
export const printedMetadata = ({ xml, uri, key }: MetadataText): number =>
  sizeOf(xml, () => {
    const metadata = elementOf('metadata', withNamespace(readXml(xml).root, uri, key));
    return printNetwork(elementOf('network', metadata));
  });

const elementOf = (name: string, child: XmlElement): XmlElement => ({
  type: 'element',
  name,
  attributes: {},
  children: [child],
});

/** Returns how many bytes a daemon needs to print a title or a description. */
export const printedText = (text: string): number => Buffer.byteLength(escapeText(text));

/** A line break and the blanks of a line, at a usual depth. */
const LAYOUT = 5;

/** Of a text that this library cannot read, a daemon might read all. */
function sizeOf(xml: string, print: () => string): number {
  try {
    return Buffer.byteLength(print());
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    return Buffer.byteLength(xml) + LAYOUT * (xml.split('<').length - 1);
  }
}

/** What a daemon makes for a network that does not say it; only the lengths matter here. */
const MADE = { uuid: '00000000-0000-4000-8000-000000000000', bridge: 'virbr0', mac: '52:54:00:00:00:00' };

function completed(document: NetworkDocument): NetworkDocument {
  const { uuid = MADE.uuid, bridge, mac } = document;
  if (!isLayer3(document)) return { ...document, uuid };
  return {
    ...document,
    uuid,
    bridge: { ...bridge, name: bridge?.name ?? MADE.bridge },
    mac: { ...mac, address: mac?.address ?? MADE.mac },
  };
}
