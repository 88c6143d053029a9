import { LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import type { Guest, ObservedState } from '../state/observed-state.js';

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

/** Guests for people: name, MAC address and device, as far as they are known. */
export const describeGuest = ({ name, mac, tap, stopped }: Guest): string =>
  [
    name,
    mac,
    tap === undefined ? undefined : `on ${tap}`,
    stopped === true ? '(stopped: it cannot start without the network)' : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' ') || 'a guest that libvirt counts';
