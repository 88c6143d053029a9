import { expectObject } from '../../model/argument.js';
import { GuestNic } from '../../model/guest-nic/guest-nic.js';
import type { Bandwidth, BandwidthLimit } from '../../schema/network/ports.js';
import type { XmlElement } from '../../xml/node.js';
import { childOf, withElement, withoutChild } from './nic-element.js';

const FIELDS = ['average', 'peak', 'burst', 'floor'] as const;

/** The limits of a NIC. */
export function bandwidthIn(nic: XmlElement): Bandwidth | undefined {
  const element = childOf(nic, 'bandwidth');
  const [inbound, outbound] = [limitIn(element, 'inbound'), limitIn(element, 'outbound')];
  if (inbound === undefined && outbound === undefined) return undefined;
  return { ...(inbound && { inbound }), ...(outbound && { outbound }) };
}

function limitIn(element: XmlElement | undefined, name: 'inbound' | 'outbound'): BandwidthLimit | undefined {
  const child = element === undefined ? undefined : childOf(element, name);
  if (child === undefined) return undefined;
  const given = FIELDS.flatMap((field) => {
    const value = child.attributes[field];
    return value === undefined ? [] : [[field, Number(value)] as const];
  });
  return Object.fromEntries(given);
}

/**
 * Checks the limits that a caller passes, whose misspelt `inbund` would take all limits away.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for what is not an object; {@link ValidationError} for what libvirt
 *   would refuse
 */
export function bandwidthArgument(given: Bandwidth, call: string): Bandwidth {
  expectObject(given, call);
  // Of all types, this one may have a floor.
  const nic = GuestNic.from({ type: 'network', source: { network: 'any' }, bandwidth: given });
  nic.assertDefinable();
  return nic.document.bandwidth ?? {};
}

/** A NIC with these limits alone. */
export function withBandwidth(nic: XmlElement, { inbound, outbound }: Bandwidth): XmlElement {
  const limits = [limitElement('inbound', inbound), limitElement('outbound', outbound)].flat();
  if (limits.length === 0) return withoutChild(nic, 'bandwidth');
  return withElement(nic, { type: 'element', name: 'bandwidth', attributes: {}, children: limits });
}

function limitElement(name: string, limit: BandwidthLimit | undefined): readonly XmlElement[] {
  if (limit === undefined) return [];
  const given = FIELDS.flatMap((field) => {
    const value = limit[field];
    return value === undefined ? [] : [[field, String(value)] as const];
  });
  return [{ type: 'element', name, attributes: Object.fromEntries(given), children: [] }];
}
