import type { FilterOperations } from '../transport/filter-operations.js';
import type { GuestOperations } from '../transport/guest-operations.js';
import type { Handlers } from './handler.js';

const guests = async () => (await import('./guest-operations.js')).guestHandlers;

/** Operations that programs of networks alone never ask for: how they are carried out loads with the first of them. */
export const LAZY_HANDLERS: Handlers<keyof GuestOperations | keyof FilterOperations> = {
  'guest.list': async (...call) => (await guests())['guest.list'](...call),
  'guest.lookup': async (...call) => (await guests())['guest.lookup'](...call),
  'guest.attach': async (...call) => (await guests())['guest.attach'](...call),
  'guest.detach': async (...call) => (await guests())['guest.detach'](...call),
  'guest.update': async (...call) => (await guests())['guest.update'](...call),
  'guest.addresses': async (...call) => (await guests())['guest.addresses'](...call),
  'guest.statistics': async (...call) => (await guests())['guest.statistics'](...call),
};
