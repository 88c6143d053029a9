import type { FilterOperations } from '../transport/filter-operations.js';
import type { GuestOperations } from '../transport/guest-operations.js';
import type { Handlers } from './handler.js';

const guests = async () => (await import('./guest-operations.js')).guestHandlers;
const filters = async () => (await import('./filter-operations.js')).filterHandlers;

/** Operations that programs of networks alone never ask for: how they are carried out loads with the first of them. */
export const LAZY_HANDLERS: Handlers<keyof GuestOperations | keyof FilterOperations> = {
  'guest.list': async (...call) => (await guests())['guest.list'](...call),
  'guest.lookup': async (...call) => (await guests())['guest.lookup'](...call),
  'guest.attach': async (...call) => (await guests())['guest.attach'](...call),
  'guest.detach': async (...call) => (await guests())['guest.detach'](...call),
  'guest.update': async (...call) => (await guests())['guest.update'](...call),
  'guest.addresses': async (...call) => (await guests())['guest.addresses'](...call),
  'guest.statistics': async (...call) => (await guests())['guest.statistics'](...call),
  'filter.list': async (...call) => (await filters())['filter.list'](...call),
  'filter.dump': async (...call) => (await filters())['filter.dump'](...call),
  'filter.define': async (...call) => (await filters())['filter.define'](...call),
  'filter.undefine': async (...call) => (await filters())['filter.undefine'](...call),
  'binding.list': async (...call) => (await filters())['binding.list'](...call),
  'binding.dump': async (...call) => (await filters())['binding.dump'](...call),
  'binding.create': async (...call) => (await filters())['binding.create'](...call),
  'binding.delete': async (...call) => (await filters())['binding.delete'](...call),
};
