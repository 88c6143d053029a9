import type { Transport } from '../transport/operations.js';
import { NetworkMutex } from './network-mutex.js';

const mutexes = /* @__PURE__ */ new WeakMap<Transport, NetworkMutex>();

/** The lines of calls of a connection: one for each guest, by its uuid, and one for each filter, by its name. */
export function mutexOf(transport: Transport): NetworkMutex {
  const mutex = mutexes.get(transport) ?? new NetworkMutex(transport.label);
  mutexes.set(transport, mutex);
  return mutex;
}
