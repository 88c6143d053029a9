import type { NetworkDocument } from '../schema/network/network.js';
import { inspectAgain, readNetwork } from '../schema/network/read.js';
import type { ReadingOptions } from '../schema/release.js';
import { BaseNetwork, type Inspector } from './base.js';
import { freezeOwn, frozenCopy } from './frozen.js';
import { kindOf } from './kind.js';
import { BridgedNetwork, DirectNetwork, HostdevNetwork, OtherNetwork } from './kinds/bridged-networks.js';
import { IsolatedNetwork, NatNetwork, OpenNetwork, RoutedNetwork } from './kinds/virtual-kinds.js';

/** Any of the kinds; `switch (network.kind)` narrows. */
export type AnyNetwork =
  | NatNetwork
  | RoutedNetwork
  | OpenNetwork
  | IsolatedNetwork
  | BridgedNetwork
  | DirectNetwork
  | HostdevNetwork
  | OtherNetwork;

/**
 * Any network. The kinds are its siblings in memory, not its children, so that a program that only
 * builds networks does not carry the XML reader; `instanceof` treats them as children all the same.
 *
 * @example
 * ```ts
 * const network = Network.parse(text);
 * if (network.kind === 'nat') network.natPorts(1024, 65535);
 * ```
 */
export abstract class Network extends BaseNetwork {
  /**
   * Reads a `<network>` document as libvirt's own parser would, and returns a network of its kind.
   *
   * @param xml - the text, as libvirt prints it or as people write it
   * @param options - the libvirt release to read as, and what to do with unknown words
   * @throws {@link XmlSyntaxError} when the text is not well-formed XML
   * @throws {@link ValidationError} with everything that libvirt's parser refuses; what its driver refuses later
   *   is for {@link BaseNetwork.validate}
   */
  static parse(xml: string, options: ReadingOptions = {}): AnyNetwork {
    const { document } = readNetwork(xml, options);
    const { unknownWords } = options;
    return networkOf(freezeOwn(document), (again) => inspectAgain(xml, { ...again, unknownWords }));
  }

  /**
   * Returns the network for a document, of whatever kind. It checks nothing.
   *
   * @param document - is copied
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not an object, or contains itself
   */
  static from(document: NetworkDocument): AnyNetwork {
    return networkOf(frozenCopy(document));
  }

  /** Every kind is a network. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof BaseNetwork;
  }
}

function networkOf(document: NetworkDocument, inspect?: Inspector): AnyNetwork {
  switch (kindOf(document)) {
    case 'nat':
      return new NatNetwork(document, inspect);
    case 'route':
      return new RoutedNetwork(document, inspect);
    case 'open':
      return new OpenNetwork(document, inspect);
    case 'isolated':
      return new IsolatedNetwork(document, inspect);
    case 'bridge':
      return new BridgedNetwork(document, inspect);
    case 'direct':
      return new DirectNetwork(document, inspect);
    case 'hostdev':
      return new HostdevNetwork(document, inspect);
    case 'other':
      return new OtherNetwork(document, inspect);
  }
}
