import { LibvirtError } from '../errors/index.js';
import { encodeNetwork } from '../schema/network/codec.js';
import { readNetwork } from '../schema/network/read.js';
import { editTree } from '../xml/edit.js';
import type { ToXmlOptions } from './base.js';
import { type AnyNetwork, Network } from './network.js';

/**
 * Changes a `<network>` text and leaves alone what is not touched: comments, indentation, quotes and order
 * stay as they were, byte for byte.
 *
 * @param source - the text as somebody wrote it
 * @param change - gets the network, gives it back changed
 * @param options - the libvirt release, and whether the result is checked
 * @returns the text with only the touched bytes changed; the same text when nothing was
 * @throws {@link XmlSyntaxError} or {@link ValidationError} when the source is refused, {@link ValidationError}
 *   when the result would be, {@link LibvirtError} code `UNSUPPORTED` when the change cannot be written into the text
 *
 * @example
 * ```ts
 * const next = editXml(text, (network) => network.with({ domain: { name: 'lab.test' } }));
 * ```
 */
export function editXml(
  source: string,
  change: (network: AnyNetwork) => AnyNetwork,
  options: ToXmlOptions = {},
): string {
  const { tree } = readNetwork(source, options);
  const network = Network.parse(source, options);
  const wanted = change(network);
  if (options.check !== false) wanted.assertDefinable(options);
  const before = encodeNetwork(network.document, options.libvirt);
  const after = encodeNetwork(wanted.document, options.libvirt);
  // What the text only implies is written out when there is no other way.
  for (const writeImplied of [false, true]) {
    const text = editTree(tree, before, after, { writeImplied });
    if (says(text, wanted, options)) return text;
  }
  throw new LibvirtError('UNSUPPORTED', `cannot write the change into the text of network "${network.name}"`, {
    network: network.name,
    hint: 'print the changed network with toXml() instead',
  });
}

function says(text: string, wanted: AnyNetwork, options: ToXmlOptions): boolean {
  try {
    return Network.parse(text, options).equals(wanted);
  } catch (error) {
    if (LibvirtError.is(error)) return false;
    throw error;
  }
}
