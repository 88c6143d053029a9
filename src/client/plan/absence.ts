import { optionsOf } from '../../options/options.js';
import { assertReadable } from '../state/definition.js';
import type { ObservedState } from '../state/observed-state.js';
import { guestsOf, networkInUseError } from './guests.js';
import { assertOwn } from './ownership.js';
import { ABSENCE_OPTIONS, type AbsenceOptions, type Plan, type PlanStep } from './types.js';

/**
 * Plans the removal of a network. Pure, like {@link planNetwork}. The definition is removed first, because it can be restored without a guest noticing if libvirt then refuses to stop the network.
 *
 * @param network - its name
 * @param found - its current state
 * @param given - the owner, and whether networks in use may be removed
 * @throws {@link LibvirtError} codes `UNREADABLE`, `NOT_OWNER` and `NETWORK_IN_USE`
 */
export function planAbsence(network: string, found: ObservedState, given: AbsenceOptions = {}): Plan {
  const options = optionsOf(given, ABSENCE_OPTIONS, 'planAbsence');
  assertReadable(network, found.unreadable, options, 'removed');
  assertOwn(network, found, options);
  const { active = false, persistent = false } = found.state ?? {};
  const guests = active ? guestsOf(found) : [];
  if (guests.length > 0 && options.inUse !== true) throw networkInUseError(network, 'remove', guests);
  const stopped = found.stoppedGuests ?? [];
  const undefine: PlanStep = {
    action: 'undefine',
    effect: 'stored',
    what: 'remove the stored definition',
    why: 'it should not exist',
    ...(stopped.length > 0 ? { guests: stopped } : {}),
  };
  const stop: PlanStep = { action: 'stop', effect: 'restart', what: 'stop the network', why: 'it runs', guests };
  const steps = [...(persistent ? [undefine] : []), ...(active ? [stop] : [])];
  return { network, steps, blocked: [], issues: [], restartNeeded: false };
}
