import { LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { Guest, ObservedState } from '../state/observed-state.js';
import { describeGuest } from './describe.js';

/** Returns the guests that use a network: the known ones, or as many as libvirt counts. */
export function guestsOf({ guests = [], live }: ObservedState): readonly Guest[] {
  if (guests.length > 0) return guests;
  return Array.from({ length: live?.connections ?? 0 }, () => ({}));
}

/** Why something that would take a network away from its guests is not done. */
export const networkInUseError = (network: string, what: string, guests: readonly Guest[]): LibvirtError =>
  new LibvirtError(
    'NETWORK_IN_USE',
    `cannot ${what} network "${network}": ${guests.map(describeGuest).join(', ')} would lose the link`,
    {
      network,
      hint: REMEDIES.NETWORK_IN_USE,
    },
  );
