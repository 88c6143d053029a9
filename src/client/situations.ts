import type { CallOptions, NetworkState, Transport } from './operations.js';
import type { Situation } from './plan/index.js';
import { ifGone, situationOf } from './situation.js';

/** All networks of a host by name, both copies of each. */
export async function readSituations(
  transport: Transport,
  { signal, timeoutMs }: CallOptions,
): Promise<ReadonlyMap<string, Situation>> {
  const options = { signal, timeoutMs };
  const states = await transport.call('network.list', { xml: true, inactive: true }, options);
  const found = new Map<string, Situation>();
  for (const { xml, inactiveXml, ...state } of states) {
    const stored = state.active ? (inactiveXml ?? (await storedOf(transport, state, options))) : xml;
    found.set(state.name, situationOf(state, state.active ? xml : undefined, stored));
  }
  return found;
}

/** Transports that list only one copy are asked for the other. */
const storedOf = (transport: Transport, { uuid, name, persistent }: NetworkState, options: CallOptions) =>
  persistent
    ? transport.call('network.dump', { network: uuid, name, inactive: true }, options).catch(ifGone)
    : undefined;
