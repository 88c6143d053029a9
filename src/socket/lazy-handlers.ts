import { FILTER_WORDING } from '../transport/filter-wording.js';
import { GUEST_WORDING } from '../transport/guest-wording.js';
import type { Operation } from '../transport/operations.js';
import type { Handler, Handlers } from './handler.js';

/** Returns a handler for each operation that has words; how it is carried out loads with the first of them. */
function lazily<Of extends Operation>(
  words: Readonly<Record<Of, object>>,
  load: () => Promise<Handlers<Of>>,
): Handlers<Of> {
  const names = Object.keys(words) as Of[]; // its keys are those of the operations
  const handlers = names.map((name) => [
    name,
    async (...call: Parameters<Handler<Of>>) => (await load())[name](...call),
  ]);
  return Object.fromEntries(handlers) as Handlers<Of>; // one for each name
}

/** Operations that programs of networks alone never ask for. */
export const LAZY_HANDLERS = {
  ...lazily(GUEST_WORDING, async () => (await import('./guest-operations.js')).guestHandlers),
  ...lazily(FILTER_WORDING, async () => (await import('./filter-operations.js')).filterHandlers),
};
