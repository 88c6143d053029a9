import type { GuestOperations } from './guest-operations.js';
import type { Wording } from './wording.js';

/** Words of the operations of guests. */
export const GUEST_WORDING: Readonly<Record<keyof GuestOperations, Wording>> = {
  'guest.list': { what: 'list the guests' },
  'guest.lookup': { what: 'look up guest' },
  'guest.attach': { what: 'attach a NIC to guest', changes: true },
  'guest.detach': { what: 'detach a NIC from guest', changes: true },
  'guest.update': { what: 'change a NIC of guest', changes: true },
  'guest.addresses': { what: 'read the addresses of guest' },
  'guest.statistics': { what: 'read the statistics of a NIC of guest' },
};
