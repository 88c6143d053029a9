import { type Issue, LibvirtError } from '../../errors/index.js';
import { optionsOf } from '../../options/options.js';
import { shown } from '../../options/shown.js';
import type { NicDocument } from '../../schema/guests/nic.js';
import { NIC_KINDS } from '../../schema/guests/other-tables.js';
import { inspectNic, isOtherNic, NIC_VOCABULARY, readNic } from '../../schema/guests/read.js';
import { READING_OPTIONS, type ReadingOptions } from '../../schema/release.js';
import { readXml } from '../../xml/read.js';
import { expectObject } from '../argument.js';
import { freezeOwn, frozenCopy } from '../frozen.js';
import { BaseNic } from './base.js';
import { HostdevNic, VdpaNic } from './device-nics.js';
import { BridgeNic, DirectNic, EthernetNic } from './host-nics.js';
import { NetworkNic } from './network-nic.js';
import { InternalNic, NullNic, OtherNic, VdsNic } from './other-nics.js';
import { ClientNic, MulticastNic, ServerNic, UdpNic } from './socket-nics.js';
import { UserNic, VhostUserNic } from './user-nics.js';

/** A guest's NIC of any type; `switch (nic.kind)` narrows. */
export type AnyNic =
  | NetworkNic
  | BridgeNic
  | DirectNic
  | EthernetNic
  | UserNic
  | VhostUserNic
  | VdpaNic
  | HostdevNic
  | InternalNic
  | UdpNic
  | ServerNic
  | ClientNic
  | MulticastNic
  | NullNic
  | VdsNic
  | OtherNic;

/**
 * Any NIC of a guest. The types are its siblings in memory, not its children, so that a program that only builds NICs
 * does not carry the XML reader; `instanceof` treats them as children all the same.
 *
 * @example
 * ```ts
 * const nic = GuestNic.parse("<interface type='bridge'><source bridge='br0'/></interface>");
 * if (nic.kind === 'bridge') nic.withVlan(5);
 * ```
 */
export abstract class GuestNic extends BaseNic {
  /**
   * Reads an `<interface>` of a domain as libvirt's own parser would, and returns a NIC of its type.
   *
   * @param xml - the element as text, as libvirt prints it or as people write it; for a whole domain use `nicsOf`
   * @param options - the libvirt release to read as, and what to do with unknown words
   * @throws {@link XmlSyntaxError} when the text is not well-formed XML
   * @throws {@link ValidationError} with everything that libvirt's parser refuses; what its driver refuses later is for
   *   `validate`
   */
  static parse(xml: string, options: ReadingOptions = {}): AnyNic {
    const known = optionsOf(options, READING_OPTIONS, 'parse');
    const tree = () => readXml(xml, { vocabulary: NIC_VOCABULARY });
    const { unknownWords } = known;
    const first = tree();
    assertInterface(first.root.name);
    const inspect = (again: ReadingOptions) => inspectNic(tree(), { ...again, unknownWords });
    return nicOf(freezeOwn(readNic(first, known)), inspect);
  }

  /**
   * Returns the NIC for a document, of whatever type. It checks nothing but the type.
   *
   * @param document - is copied
   * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not an object, contains itself, or has a type that
   *   this library does not know
   */
  static from(document: NicDocument): AnyNic {
    expectObject(document, 'GuestNic.from');
    return nicOf(frozenCopy(document));
  }

  /** Every type is a guest's NIC. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof BaseNic;
  }
}

/** Says what else reads a whole domain. */
function assertInterface(root: string): void {
  if (root !== 'domain') return;
  throw new LibvirtError('INVALID_ARGUMENT', 'the root element is <domain>, not <interface>', {
    hint: 'nicsOf reads the NICs of a domain',
  });
}

/**
 * The NIC for a document that nobody else can change.
 *
 * @param inspect - finds the issues of the text that the document was read from
 */
export function nicOf(document: NicDocument, inspect?: (options: ReadingOptions) => readonly Issue[]): AnyNic {
  const context = inspect === undefined ? {} : { inspect };
  switch (document.type) {
    case 'network':
      return new NetworkNic(document, context);
    case 'bridge':
      return new BridgeNic(document, context);
    case 'direct':
      return new DirectNic(document, context);
    case 'ethernet':
      return new EthernetNic(document, context);
    case 'user':
      return new UserNic(document, context);
    case 'vhostuser':
      return new VhostUserNic(document, context);
    case 'vdpa':
      return new VdpaNic(document, context);
    case 'hostdev':
      return new HostdevNic(document, context);
    case 'internal':
      return new InternalNic(document, context);
    case 'udp':
      return new UdpNic(document, context);
    case 'server':
      return new ServerNic(document, context);
    case 'client':
      return new ClientNic(document, context);
    case 'mcast':
      return new MulticastNic(document, context);
    case 'null':
      return new NullNic(document, context);
    case 'vds':
      return new VdsNic(document, context);
    case undefined:
      return isOtherNic(document) ? new OtherNic(document, context) : new UserNic(document, context);
    default:
      throw new LibvirtError('INVALID_ARGUMENT', `there is no type ${shown(document.type)} of a guest's NIC`, {
        hint: `use one of ${NIC_KINDS.join(', ')}`,
      });
  }
}
