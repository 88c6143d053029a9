import { LibvirtError } from '../../errors/index.js';
import { REMEDIES } from '../../errors/remedies.js';
import { isLayer3 } from '../../schema/network/canonical.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { Guest, ObservedState } from '../state/observed-state.js';

/** Returns the guests that use a network: the known ones, or as many as libvirt counts. */
export function guestsOf({ guests = [], live }: ObservedState): readonly Guest[] {
  if (guests.length > 0) return guests;
  return Array.from({ length: live?.connections ?? 0 }, () => ({}));
}

/** Name of the bridge that libvirt makes for a network. */
const ownBridge = (document: NetworkDocument): string | undefined =>
  isLayer3(document) ? document.bridge?.name : undefined;

/** The bridge that a network no longer has once a definition is stored; NICs of guests may name it. */
export function bridgeTakenAway({ stored, live }: ObservedState, next: NetworkDocument): string | undefined {
  const known = stored ?? live;
  const old = known === undefined ? undefined : ownBridge(known);
  return old === ownBridge(next) ? undefined : old;
}

/** Guests that do not run and could not start once a definition is stored. */
export function stoppedWithoutBridge(current: ObservedState, next: NetworkDocument): readonly Guest[] {
  const bridge = bridgeTakenAway(current, next);
  return bridge === undefined ? [] : (current.stoppedGuests ?? []).filter((guest) => guest.bridge === bridge);
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
export const describeGuest = ({ name, mac, tap, stopped, bridge }: Guest): string =>
  [
    name,
    mac,
    tap === undefined ? undefined : `on ${tap}`,
    stopped === true
      ? `(stopped: it cannot start without ${bridge === undefined ? 'the network' : `bridge ${bridge}`})`
      : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' ') || 'a guest that libvirt counts';
