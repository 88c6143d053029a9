import type { GuestOperations } from '../transport/guest-operations.js';
import { GUEST_COMMANDS } from './guest-commands.js';
import { listGuests, lookUpGuest } from './guest-list.js';
import { addressesOf, statisticsOf } from './guest-output.js';
import { type Handlers, nothing, reading } from './handler.js';
import type { Processes } from './process.js';

/** How virsh carries out each operation of guests. */
export function guestHandlers(processes: Processes): Handlers<keyof GuestOperations> {
  const by = reading(processes);
  return {
    'guest.list': (input, task) => listGuests(processes, input, task),
    'guest.lookup': (input, task) => lookUpGuest(processes, input, task),
    'guest.attach': by(GUEST_COMMANDS['guest.attach'], nothing),
    'guest.detach': by(GUEST_COMMANDS['guest.detach'], nothing),
    'guest.update': by(GUEST_COMMANDS['guest.update'], nothing),
    'guest.addresses': by(GUEST_COMMANDS['guest.addresses'], addressesOf),
    'guest.statistics': by(GUEST_COMMANDS['guest.statistics'], statisticsOf),
  };
}
