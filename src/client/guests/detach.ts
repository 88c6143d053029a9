import type { RemainingTime } from '../../async/deadline.js';
import { sleep } from '../../async/sleep.js';
import { OperationError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { GuestEvent } from '../../transport/guest-operations.js';
import { describeFailure, withOutcome } from '../../transport/libvirt-error.js';
import { within } from '../../transport/with-deadline.js';
import { Alarm } from '../wait/alarm.js';
import type { AttachedNic } from './attached-nic.js';
import { findNics, type GuestCopies } from './copies.js';
import { askGuests, type GuestRef } from './guest-ref.js';

/** What is detached, from which copies, and how long the guest may take. */
export interface Detaching {
  readonly mac: string;
  readonly copies: GuestCopies;
  /** Longest time in milliseconds that the guest may take to let the NIC go. */
  readonly releaseMs: number;
}

/** Pause between two looks at the running guest, where no event tells that the NIC is gone. */
const EVERY_MS = 250;

/**
 * Detaches a NIC: first from the running guest, and when it is gone there, from the stored definition.
 *
 * @throws code `GUEST_HOLDS_NIC` when the guest does not let it go in time; the stored definition is as it was then
 */
export async function detachNic(guest: GuestRef, given: Detaching, remaining: RemainingTime): Promise<void> {
  const { mac, copies } = given;
  const view = await guest.view(remaining());
  const { live, stored } = findNics(guest, view, { mac, copies, operation: 'guest.detach' });
  if (live !== undefined) await release(guest, live, given, remaining);
  if (stored === undefined) return;
  await ask(guest, stored, 'stored', remaining).catch((error: unknown) => {
    throw live === undefined ? error : withOutcome(error, 'the running guest does not have it any more');
  });
}

function ask(guest: GuestRef, nic: AttachedNic, copy: 'live' | 'stored', remaining: RemainingTime): Promise<undefined> {
  const input = { ...guest.self, xml: nic.xml, live: copy === 'live', config: copy === 'stored' };
  return askGuests(guest.transport, 'guest.detach', input, remaining());
}

/** Asks the guest to let a NIC go, and waits until it has: libvirt says success when it has asked. */
async function release(
  guest: GuestRef,
  nic: AttachedNic,
  { releaseMs }: Detaching,
  remaining: RemainingTime,
): Promise<void> {
  const end = performance.now() + releaseMs;
  const alarm = alarmOf(guest);
  alarm.listen();
  try {
    await ask(guest, nic, 'live', remaining);
    await within(guest.subject('guest.detach'), remaining(), async ({ signal }) => {
      for (;;) {
        const changed = alarm.next();
        const view = await guest.view({ ...remaining(), signal });
        if (!(view.live ?? []).some(({ mac }) => mac === nic.mac)) return;
        if (performance.now() >= end) throw held(guest, nic, releaseMs);
        await sleep(EVERY_MS, signal, changed);
      }
    });
  } finally {
    await alarm.end();
  }
}

/** Rings when the guest has let a device go. */
const alarmOf = ({ transport, name }: GuestRef): Alarm<GuestEvent> =>
  new Alarm({
    events: transport.hasCheapEvents === true ? transport.guestEvents?.bind(transport) : undefined,
    rings: ({ type, guest }) => type === 'gap' || (type === 'device-removed' && guest === name),
  });

function held(guest: GuestRef, { mac }: AttachedNic, releaseMs: number): OperationError {
  const why = `the guest has not let the NIC ${mac} go after ${releaseMs} ms; it is asked, and the NIC goes when the guest answers; the stored definition is unchanged`;
  return new OperationError('GUEST_HOLDS_NIC', `${describeFailure(guest.subject('guest.detach'))}: ${why}`, {
    operation: 'guest.detach',
    hint: REMEDIES.GUEST_HOLDS_NIC,
  });
}
