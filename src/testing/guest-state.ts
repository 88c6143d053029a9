import { withoutBlanks } from '../client/guests/nic-element.js';
import { LibvirtError } from '../errors/index.js';
import type { XmlElement, XmlNode } from '../xml/node.js';
import { readXml } from '../xml/read.js';
import { printXml } from '../xml/write.js';

/** A guest of the mock: running, stored, or both. */
export interface MockGuest {
  readonly name: string;
  readonly uuid: string;
  /** The NICs of the running guest, as `<interface>` elements. */
  readonly live?: readonly XmlElement[];
  /** The NICs of the stored definition, which the next start uses. */
  readonly config?: readonly XmlElement[];
  /** True if it does not let NICs go: libvirt says success all the same. */
  readonly holdsNics: boolean;
}

/** A NIC that prints itself as an `<interface>` element, like those of `libvirt-network/guests`. */
export interface MockGuestNic {
  /** The element as XML. */
  toXml(): string;
}

/** What {@link MockTransport.addGuest} takes. */
export interface MockGuestOptions {
  /** The guest's name. */
  readonly name: string;
  /** Default: made from the seed. */
  readonly uuid?: string;
  /** The NICs, as classes of this library or as `<interface>` elements. Default: none. */
  readonly nics?: readonly (string | MockGuestNic)[];
  /** True if it runs. Default: true. */
  readonly active?: boolean;
  /** True if it has a stored definition. Default: true. */
  readonly persistent?: boolean;
  /** True if it does not let NICs go, as a guest without an operating system. Default: false. */
  readonly holdsNics?: boolean;
}

const element = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly XmlNode[] = [],
): XmlElement => ({ type: 'element', name, attributes, children });

/** Reads an `<interface>` element. Blanks between elements are layout. */
export function readNic(xml: string): XmlElement {
  const root = withoutBlanks(readXml(xml).root);
  if (root.name === 'interface') return root;
  throw new LibvirtError('INVALID_ARGUMENT', `a NIC is an <interface> element, not <${root.name}>`);
}

/** A guest's definition as libvirt prints it, as far as the mock knows it. */
export function printGuest({ name, uuid }: MockGuest, nics: readonly XmlElement[], id: string | undefined): string {
  const text = (tag: string, content: string) => element(tag, {}, [{ type: 'text', text: content }]);
  return printXml(
    element('domain', { type: 'kvm', ...(id === undefined ? {} : { id }) }, [
      text('name', name),
      text('uuid', uuid),
      element('devices', {}, nics),
    ]),
  );
}
