import type { RemainingTime } from '../../async/deadline.js';
import { withOutcome } from '../../transport/libvirt-error.js';
import type { XmlElement } from '../../xml/node.js';
import { printXml } from '../../xml/write.js';
import { type AttachedNic, macOf, onNetwork, storedForm } from './attached-nic.js';
import { chooseCopies, type GuestCopies } from './copies.js';
import { askGuests, type GuestRef } from './guest-ref.js';
import { withChild } from './nic-element.js';
import { assertDefinable } from './nic-source.js';

/** What is attached, and to which copies. */
export interface Attaching {
  readonly nic: XmlElement;
  readonly copies: GuestCopies;
}

/**
 * Attaches a NIC. libvirt changes both copies with one request, or neither.
 *
 * @returns the NIC as the guest has it
 */
export async function attachNic(
  guest: GuestRef,
  { nic, copies }: Attaching,
  remaining: RemainingTime,
): Promise<AttachedNic> {
  const view = await guest.view(remaining());
  const { live, stored } = chooseCopies(guest, view, copies, 'guest.attach');
  // Without one, libvirt makes a MAC address for each copy.
  const mac = macOf(nic) ?? randomMac();
  const taken = [...(view.live ?? []), ...(view.stored ?? [])].some((one) => one.mac === mac);
  if (taken) throw guest.refusal('MAC_IN_USE', 'guest.attach', `it has a NIC ${mac} already`);
  const whole = withChild(nic, 'mac', { address: mac });
  assertDefinable(whole);
  const xml = printXml(stored ? storedForm(whole) : onNetwork(whole));
  await askGuests(guest.transport, 'guest.attach', { ...guest.self, xml, live, config: stored }, remaining());
  const after = await guest.view(remaining()).catch((error: unknown) => {
    throw withOutcome(error, `the NIC ${mac} is attached`);
  });
  const found = ((live ? after.live : after.stored) ?? []).find((one) => one.mac === mac);
  if (found !== undefined) return found;
  throw guest.refusal('NOT_APPLIED', 'guest.attach', `libvirt took it, but the guest has no NIC ${mac}`);
}

/** A MAC address of QEMU's own range, as libvirt makes them. */
function randomMac(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(3));
  return ['52', '54', '00', ...[...bytes].map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}
