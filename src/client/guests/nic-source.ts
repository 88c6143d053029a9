import { LibvirtError, ValidationError } from '../../errors/index.js';
import type { BaseNic } from '../../model/guest-nic/base.js';
import { type AnyNic, GuestNic } from '../../model/guest-nic/guest-nic.js';
import type { XmlElement } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import type { AttachedNic } from './attached-nic.js';
import { withoutBlanks } from './nic-element.js';

/** A NIC to attach, or what a NIC becomes: a class of this library, or an `<interface>` element as text. */
export type NicSource = BaseNic | string;

/**
 * Reads a NIC that a caller passes, and checks it as libvirt would.
 *
 * @throws {@link ValidationError}; {@link LibvirtError} code `INVALID_ARGUMENT` for what is not an `<interface>` element,
 *   `XML_SYNTAX`
 */
export function elementOf(nic: NicSource, call: string): XmlElement {
  if (typeof nic === 'object' && nic !== null && 'toXml' in nic) return interfaceIn(nic.toXml(), call);
  if (typeof nic === 'string') return interfaceIn(nic, call);
  throw new LibvirtError('INVALID_ARGUMENT', `${call} needs a NIC`, {
    hint: 'make one with NetworkNic.create and its siblings, or pass an <interface> element as text',
  });
}

function interfaceIn(xml: string, call: string): XmlElement {
  const root = withoutBlanks(readXml(xml).root);
  if (root.name === 'interface') return root;
  throw new LibvirtError('INVALID_ARGUMENT', `${call} needs an <interface> element, not <${root.name}>`);
}

/** The NIC of a guest as a class. Words that this library does not know are kept. */
export const nicOf = ({ xml }: AttachedNic): AnyNic => GuestNic.parse(xml, { unknownWords: 'keep' });

/** What a function makes of a NIC. A NIC that broke a rule of ours before may break it afterwards: libvirt had taken it. */
export function editedElement(old: AttachedNic, edit: (nic: AnyNic) => NicSource, call: string): XmlElement {
  const before = nicOf(old);
  const after = edit(before);
  if (typeof after !== 'string' && isRefused(before)) return interfaceIn(after.toXml({ check: false }), call);
  return elementOf(after, call);
}

function isRefused(nic: AnyNic): boolean {
  try {
    nic.assertDefinable();
    return false;
  } catch (error) {
    if (error instanceof ValidationError) return true;
    throw error;
  }
}
