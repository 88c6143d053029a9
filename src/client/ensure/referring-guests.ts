import type { RemainingTime } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { isLayer3 } from '../../schema/network/canonical.js';
import type { Transport } from '../../transport/operations.js';
import type { GuestView } from '../guests/guest-ref.js';
import { listGuests, type NetworkPlace, nicsOn } from '../guests/list-guests.js';
import type { Guest, ObservedState } from '../state/observed-state.js';

/** Guests whose definitions refer to a network, which its ports do not show all. */
export interface ReferringGuests {
  /** NICs of running guests. */
  readonly running: readonly Guest[];
  /** NICs of guests that do not run. */
  readonly stopped: readonly Guest[];
}

const NOBODY: ReferringGuests = { running: [], stopped: [] };

/** Finds the guests that refer to a network by its name, or by the bridge that it has made. */
export async function readReferringGuests(
  transport: Transport,
  network: string,
  current: ObservedState,
  remaining: RemainingTime,
): Promise<ReferringGuests> {
  const views = await listGuests(transport, {}, remaining()).catch(ifUnknown);
  if (views.length === 0) return NOBODY;
  const place = placeOf(network, current);
  return {
    running: views.flatMap((view) => guestsIn(place, view, view.live)),
    stopped: views.flatMap((view) =>
      view.live === undefined ? guestsIn(place, view, view.stored).map((guest) => ({ ...guest, stopped: true })) : [],
    ),
  };
}

/** The bridge of a host stays when a network on it stops. */
function placeOf(network: string, { live, stored }: ObservedState): NetworkPlace {
  const own = [live, stored].filter((document) => document !== undefined).filter(isLayer3);
  return { network, bridges: new Set(own.flatMap(({ bridge }) => bridge?.name ?? [])) };
}

const guestsIn = (place: NetworkPlace, { state }: GuestView, nics: GuestView['live'] = []): readonly Guest[] =>
  nicsOn(place, nics).map(({ mac, device, network, bridge }) => ({
    name: state.name,
    mac,
    ...(device === undefined ? {} : { tap: device }),
    ...(network === undefined && bridge !== undefined ? { bridge } : {}),
  }));

/** A driver without guests has none that refer to a network, and a transport of others may not know of guests. */
function ifUnknown(error: unknown): readonly never[] {
  if (LibvirtError.is(error) && !['UNSUPPORTED', 'CLIENT_TOO_OLD', 'INVALID_ARGUMENT'].includes(error.code))
    throw error;
  if (error instanceof Error && error.name === 'AbortError') throw error;
  return [];
}

/** The guests that are known by their ports, and those that only their definitions show. */
export function withReferring(known: readonly Guest[], others: readonly Guest[]): readonly Guest[] {
  const macs = new Set(known.map(({ mac }) => mac?.toLowerCase()));
  return [...known, ...others.filter(({ mac }) => !macs.has(mac?.toLowerCase()))];
}
