import { nicSpans } from '../../schema/guests/nic-spans.js';
import { normalizeMac } from '../../schema/scalar.js';
import { isElement, type XmlElement } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { printXml } from '../../xml/write.js';
import { attributeOf, withChild, withoutBlanks, withoutChild } from './nic-element.js';

/** What calls need of a NIC of a guest, and its text. */
export interface AttachedNic {
  /** MAC address of its definition; calls go by it. */
  readonly mac: string;
  /** The type as libvirt shows it: in a running guest that of the place where it is plugged in. */
  readonly type: string;
  /** Name of its libvirt network, whatever the type. */
  readonly network?: string;
  /** Bridge of the host that it is in. */
  readonly bridge?: string;
  /** Device of the host: of a running guest. */
  readonly device?: string;
  /** Link state as the guest sees it. */
  readonly link: 'up' | 'down';
  /** The whole `<interface>` element as libvirt prints it. */
  readonly xml: string;
}

/** Reads the NICs of a domain document, in its order. */
export const nicsIn = (document: string): readonly AttachedNic[] => elementsIn(document).map(readAttached);

/** Only the NICs are read, since a domain has hundreds of other lines. */
function elementsIn(document: string): readonly string[] {
  const spans = nicSpans(document);
  if (spans !== undefined) return spans.map(({ start, end }) => document.slice(start, end));
  const devices = readXml(document)
    .root.children.filter(isElement)
    .filter(({ name }) => name === 'devices');
  const nics = devices.flatMap(({ children }) => children.filter(isElement).filter(({ name }) => name === 'interface'));
  return nics.map((nic) => printXml(withoutBlanks(nic)));
}

/** Reads an `<interface>` element as libvirt prints it. */
function readAttached(xml: string): AttachedNic {
  const nic = readXml(xml).root;
  const optional = <K extends string>(key: K, value: string | undefined) =>
    value === undefined ? {} : { [key]: value };
  return {
    mac: macOf(nic) ?? '',
    type: nic.attributes['type'] ?? '',
    ...optional('network', attributeOf(nic, 'source', 'network')),
    ...optional('bridge', attributeOf(nic, 'source', 'bridge')),
    ...optional('device', attributeOf(nic, 'target', 'dev')),
    link: attributeOf(nic, 'link', 'state') === 'down' ? 'down' : 'up',
    xml: printXml(withoutBlanks(nic)),
  };
}

/** The MAC address of a NIC in libvirt's form. */
export function macOf(nic: XmlElement): string | undefined {
  const mac = attributeOf(nic, 'mac', 'address');
  return mac === undefined ? undefined : (normalizeMac(mac) ?? mac);
}

/**
 * A NIC as a stored definition may have it: without the name that libvirt gave it in the running guest, and on its network in
 * place of where that plugged it in.
 */
export function storedForm(nic: XmlElement): XmlElement {
  const alias = attributeOf(nic, 'alias', 'name');
  const named = alias === undefined || alias.startsWith('ua-') ? nic : withoutChild(nic, 'alias');
  return onNetwork(named);
}

/** A NIC with the network that it asks for, where libvirt shows the bridge or device that it has from it. */
export function onNetwork(nic: XmlElement): XmlElement {
  if (attributeOf(nic, 'source', 'network') === undefined) return nic;
  const asked = withChild(nic, 'source', { portid: undefined, bridge: undefined, dev: undefined, mode: undefined });
  return { ...asked, attributes: { ...nic.attributes, type: 'network' } };
}
