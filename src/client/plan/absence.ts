import { assertReadable, type UnreadableOptions } from '../state/definition.js';
import type { Situation } from '../state/observed-state.js';
import { guestsOf, inUse } from './guests.js';
import { assertOwn } from './ownership.js';
import type { OwnershipOptions, Plan, PlanStep } from './types.js';

/** What may be removed. */
export interface AbsenceOptions extends OwnershipOptions, UnreadableOptions {
  /** Removes a network that guests use too: they lose their link. Default: false. */
  readonly inUse?: boolean | undefined;
}

/**
 * What is to be done for a network not to be on a host. Pure, as {@link plan}. Its definition goes first, since that is
 * put back without a guest noticing if libvirt then refuses to stop the network.
 *
 * @param network - its name
 * @param found - what the host says of it
 * @param options - whose networks, and whether those in use too
 * @throws {@link LibvirtError} codes `UNREADABLE`, `NOT_OWNER` and `NETWORK_IN_USE`
 */
export function planAbsence(network: string, found: Situation, options: AbsenceOptions = {}): Plan {
  assertReadable(network, found.unreadable, options, 'removed');
  assertOwn(network, found, options);
  const { active = false, persistent = false } = found.state ?? {};
  const guests = active ? guestsOf(found) : [];
  if (guests.length > 0 && options.inUse !== true) throw inUse(network, 'remove', guests);
  const undefine: PlanStep = {
    action: 'undefine',
    effect: 'stored',
    what: 'remove the stored definition',
    why: 'it shall be gone',
  };
  const stop: PlanStep = { action: 'stop', effect: 'restart', what: 'stop the network', why: 'it runs', guests };
  const steps = [...(persistent ? [undefine] : []), ...(active ? [stop] : [])];
  return { network, steps, blocked: [], restartNeeded: false };
}
