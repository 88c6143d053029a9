import type { RemainingTime } from '../../async/deadline.js';
import { withOutcome } from '../../transport/libvirt-error.js';
import type { XmlElement } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { printXml } from '../../xml/write.js';
import { type AttachedNic, macOf, onNetwork, storedForm } from './attached-nic.js';
import { findNics, type GuestCopies } from './copies.js';
import { askGuests, type GuestRef } from './guest-ref.js';
import { attributeOf, childOf, withChild, withElement } from './nic-element.js';
import { assertDefinable, isRefused } from './nic-source.js';

/** A change of a NIC. */
export interface Changing {
  readonly mac: string;
  readonly copies: GuestCopies;
  /** Returns what a copy of the NIC is to become. */
  readonly edit: (nic: AttachedNic) => XmlElement;
}

/**
 * Changes a NIC in the copies that have it: the running guest first, which can refuse. When the stored definition then
 * refuses, the running guest gets its NIC back.
 */
export async function changeNic(
  guest: GuestRef,
  { mac, copies, edit }: Changing,
  remaining: RemainingTime,
): Promise<void> {
  const view = await guest.view(remaining());
  const { live, stored } = findNics(guest, view, { mac, copies, operation: 'guest.update' });
  const next = {
    live: live === undefined ? undefined : printXml(onNetwork(edited(guest, live, edit))),
    stored: stored === undefined ? undefined : printXml(storedForm(edited(guest, stored, edit))),
  };
  if (next.live !== undefined) await update(guest, next.live, 'live', remaining);
  if (next.stored === undefined) return;
  await update(guest, next.stored, 'stored', remaining).catch(async (error: unknown) => {
    if (live === undefined) throw error;
    await update(guest, live.xml, 'live', remaining).catch(() => {
      throw withOutcome(error, 'the running guest has the change, and could not be given its NIC back');
    });
    throw withOutcome(error, 'the running guest has its NIC as before');
  });
}

function update(guest: GuestRef, xml: string, copy: 'live' | 'stored', remaining: RemainingTime): Promise<undefined> {
  const input = { ...guest.self, xml, live: copy === 'live', config: copy === 'stored' };
  return askGuests(guest.transport, 'guest.update', input, remaining());
}

function edited(guest: GuestRef, nic: AttachedNic, edit: Changing['edit']): XmlElement {
  const made = withKept(edit(nic), readXml(nic.xml).root);
  const mac = macOf(made);
  if (mac !== nic.mac)
    throw guest.refusal(
      'INVALID_ARGUMENT',
      'guest.update',
      `the MAC address of a NIC cannot be changed, from ${nic.mac} to ${mac}; detach it and attach another`,
    );
  if (!isRefused(nic)) assertDefinable(made);
  return made;
}

/** What libvirt finds a NIC by, or cannot change while the guest runs, stays where the new definition does not name it. */
function withKept(made: XmlElement, old: XmlElement): XmlElement {
  const named = macOf(made) === undefined ? withChild(made, 'mac', { address: macOf(old) }) : made;
  const model = childOf(old, 'model');
  return attributeOf(named, 'model', 'type') === undefined && model !== undefined ? withElement(named, model) : named;
}
