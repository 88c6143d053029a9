import { LibvirtError } from '../errors/index.js';
import { encodeNetwork } from '../schema/network/codec.js';
import { readNetwork } from '../schema/network/read.js';
import { editTree } from '../xml/edit.js';
import { expectFunction, expectObject } from './argument.js';
import { BaseNetwork, comparable, type ToXmlOptions } from './base.js';
import { differences } from './diff.js';
import { type AnyNetwork, Network } from './network.js';
import { assertShape } from './shape.js';

/**
 * Changes a `<network>` text and leaves alone what is not touched: comments, indentation, quotes and order
 * stay as they were, byte for byte.
 *
 * @param source - the text as somebody wrote it
 * @param change - gets the network, gives it back changed, and may give another kind
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
  expectObject(options, 'editXml');
  const network = Network.parse(source, options);
  const wanted = networkFrom(change(network));
  if (options.check === false) assertShape(wanted.document, options);
  else wanted.assertDefinable(options);
  const { tree } = readNetwork(source, options);
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

function networkFrom(changed: unknown): BaseNetwork {
  if (changed instanceof BaseNetwork) return changed;
  throw new LibvirtError('INVALID_ARGUMENT', 'the change given to editXml gave no network back', {
    hint: 'networks never change: return what the method gives, as in (network) => network.named("b")',
  });
}

/** Whether a text means what is wanted; an edit that cannot even be read does not. */
function says(text: string, wanted: BaseNetwork, options: ToXmlOptions): boolean {
  try {
    // Not equals(): what changes nothing for libvirt is a change of the text all the same.
    const { document } = Network.parse(text, options);
    return differences(comparable(document), comparable(wanted.document)).length === 0;
  } catch (error) {
    if (LibvirtError.is(error)) return false;
    throw error;
  }
}
