import type { Subject } from '../../transport/libvirt-error.js';
import type { AttachedNic } from './attached-nic.js';
import type { GuestRef, GuestView } from './guest-ref.js';

/** Which copies of a guest's NICs a change is for. */
export interface GuestCopies {
  /** The running guest. Default: true while it runs. */
  readonly live?: boolean | undefined;
  /** The stored definition, which the next start uses. Default: true where there is one. */
  readonly stored?: boolean | undefined;
}

/** The copies that a change is for, after defaults. */
export interface ChosenCopies {
  readonly live: boolean;
  readonly stored: boolean;
}

/** Chooses the copies from what the caller says and from the state of the guest. */
export function chooseCopies(
  guest: GuestRef,
  { state }: GuestView,
  { live = state.active, stored = state.persistent }: GuestCopies,
  operation: Subject['operation'],
): ChosenCopies {
  if (!live && !stored) throw guest.refusal('INVALID_ARGUMENT', operation, 'live and stored are both false');
  if (live && !state.active) throw guest.refusal('GUEST_INACTIVE', operation, 'the guest does not run');
  if (stored && !state.persistent)
    throw guest.refusal('GUEST_TRANSIENT', operation, 'the guest has no stored definition');
  return { live, stored };
}

/** The NIC of a MAC address in each copy that a change is for. */
export interface FoundNics {
  readonly live?: AttachedNic;
  readonly stored?: AttachedNic;
}

/** A NIC that is looked for. */
export interface Wanted {
  readonly mac: string;
  readonly copies: GuestCopies;
  readonly operation: Subject['operation'];
}

/**
 * Finds a NIC by its MAC address. Copies that the caller does not name may lack it, as long as one has it.
 *
 * @throws code `NIC_NOT_FOUND`, `NIC_AMBIGUOUS`: libvirt would take the wrong one, or none
 */
export function findNics(guest: GuestRef, view: GuestView, { mac, copies, operation }: Wanted): FoundNics {
  const chosen = chooseCopies(guest, view, copies, operation);
  const live = chosen.live ? uniqueIn(guest, view.live, { mac, copy: 'the running guest', operation }) : undefined;
  const stored = chosen.stored
    ? uniqueIn(guest, view.stored, { mac, copy: 'the stored definition', operation })
    : undefined;
  const lacks = [
    ...(copies.live === true && live === undefined ? ['the running guest'] : []),
    ...(copies.stored === true && stored === undefined ? ['the stored definition'] : []),
  ];
  if (live === undefined && stored === undefined) lacks.push('it');
  if (lacks[0] !== undefined) throw guest.refusal('NIC_NOT_FOUND', operation, `${lacks[0]} has no NIC ${mac}`);
  return { ...(live && { live }), ...(stored && { stored }) };
}

interface Search {
  readonly mac: string;
  readonly copy: string;
  readonly operation: Subject['operation'];
}

function uniqueIn(
  guest: GuestRef,
  nics: readonly AttachedNic[] = [],
  { mac, copy, operation }: Search,
): AttachedNic | undefined {
  const [nic, ...others] = nics.filter((one) => one.mac === mac);
  if (others.length === 0) return nic;
  throw guest.refusal('NIC_AMBIGUOUS', operation, `${copy} has ${others.length + 1} NICs ${mac}`);
}
