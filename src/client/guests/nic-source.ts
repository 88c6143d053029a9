import { LibvirtError, ValidationError } from '../../errors/index.js';
import type { BaseNic } from '../../model/guest-nic/base.js';
import { type AnyNic, GuestNic } from '../../model/guest-nic/guest-nic.js';
import type { XmlElement } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { printXml } from '../../xml/write.js';
import type { AttachedNic } from './attached-nic.js';
import { withoutBlanks } from './nic-element.js';

/** A NIC to attach, or what a NIC becomes: a class of this library, or an `<interface>` element as text. */
export type NicSource = BaseNic | string;

/**
 * Reads a NIC that a caller passes, and checks it as libvirt's parser would.
 *
 * @throws {@link ValidationError}; {@link LibvirtError} code `INVALID_ARGUMENT` for what is not an `<interface>` element,
 *   `XML_SYNTAX`
 */
export function elementOf(nic: NicSource, call: string): XmlElement {
  if (typeof nic === 'object' && nic !== null && 'toXml' in nic) return interfaceIn(nic.toXml(), call);
  if (typeof nic === 'string') {
    const element = interfaceIn(nic, call);
    GuestNic.parse(nic);
    return element;
  }
  throw new LibvirtError('INVALID_ARGUMENT', `${call} needs a NIC`, {
    hint: 'make one with NetworkNic.create and its siblings, or pass an <interface> element as text',
  });
}

function interfaceIn(xml: string, call: string): XmlElement {
  const root = withoutBlanks(readXml(xml).root);
  if (root.name !== 'interface')
    throw new LibvirtError('INVALID_ARGUMENT', `${call} needs an <interface> element, not <${root.name}>`);
  return root;
}

/**
 * Throws unless libvirt would take the NIC for a guest's definition.
 *
 * @throws {@link ValidationError}
 */
export const assertDefinable = (nic: XmlElement): void => read(printXml(nic)).assertDefinable();

/** Words that this library does not know are kept. */
const read = (xml: string): AnyNic => GuestNic.parse(xml, { unknownWords: 'keep' });

/** The NIC of a guest as a class. */
export const nicOf = ({ xml }: AttachedNic): AnyNic => read(xml);

/** What a function makes of a NIC. A NIC that broke a rule of ours before may break it afterwards: libvirt had taken it. */
export function editedElement(old: AttachedNic, edit: (nic: AnyNic) => NicSource, call: string): XmlElement {
  const before = nicOf(old);
  const after = edit(before);
  if (typeof after !== 'string' && breaksRule(() => before)) return interfaceIn(after.toXml({ check: false }), call);
  return elementOf(after, call);
}

/** Tells whether a NIC that libvirt has taken breaks a rule of ours, or cannot be read. */
export const isRefused = (nic: AttachedNic): boolean => breaksRule(() => nicOf(nic));

function breaksRule(nic: () => AnyNic): boolean {
  try {
    nic().assertDefinable();
    return false;
  } catch (error) {
    if (error instanceof ValidationError) return true;
    throw error;
  }
}
