import type { CallOptions, RemainingTime } from '../../async/deadline.js';
import { inParallel } from '../../async/parallel.js';
import type { NetworkPort } from '../../schema/networkport.js';
import type { NetworkState, Transport } from '../../transport/operations.js';
import { tryDump, type UnreadableDefinition } from './definition.js';
import type { ObservedState } from './observed-state.js';
import { readPorts } from './ports.js';
import { ifGone, ifStopped, ifUnsupported } from './tolerated.js';

/**
 * Reads the current state of a network, without its guests.
 *
 * @param uuid - of a network that may have come into being since; with it a transport can be faster. Default: not known
 */
export async function readState(
  transport: Transport,
  name: string,
  remaining: RemainingTime,
  uuid?: string,
): Promise<ObservedState> {
  const find = (network: string) =>
    transport.call('network.lookup', { network, name, xml: true }, remaining()).catch(ifGone);
  const found = (uuid === undefined ? undefined : await find(uuid)) ?? (await find(name));
  if (found === undefined) return {};
  const { xml, inactiveXml, ...state } = found;
  if (xml === undefined) return readCopies(transport, state, remaining);
  return stateOfTexts(state, state.active ? xml : undefined, state.active ? inactiveXml : xml);
}

/** Reads both copies one by one, for transports that look networks up without them. */
async function readCopies(transport: Transport, state: NetworkState, remaining: RemainingTime): Promise<ObservedState> {
  const read = (inactive: boolean) =>
    transport.call('network.dump', { network: state.uuid, name: state.name, inactive }, remaining()).catch(ifGone);
  const wanted = [...(state.active ? [false] : []), ...(state.persistent ? [true] : [])];
  const texts = new Map(await inParallel(wanted, 2, async (inactive) => [inactive, await read(inactive)] as const));
  return stateOfTexts(state, texts.get(false), texts.get(true));
}

/** Builds the state of a network from its definitions. */
function stateOfTexts(state: NetworkState, live: string | undefined, stored: string | undefined): ObservedState {
  const unreadable: UnreadableDefinition[] = [];
  const read = (copy: 'live' | 'stored', xml: string | undefined): ObservedState => {
    if (xml === undefined) return {};
    const result = tryDump(xml);
    if ('network' in result) return { [copy]: result.network.document };
    unreadable.push({ copy, ...result });
    return {};
  };
  return { state, ...read('live', live), ...read('stored', stored), ...(unreadable.length > 0 ? { unreadable } : {}) };
}

/** The guests' ports on a running network; none where libvirt is older than ports. */
export const readGuestPorts = (
  transport: Transport,
  network: string,
  remaining: RemainingTime,
): Promise<readonly NetworkPort[]> =>
  readPorts(transport, { network }, remaining).catch(ifStopped).catch(ifUnsupported);

/** All networks of a host by name, both copies of each. */
export async function readAllStates(
  transport: Transport,
  { signal, timeoutMs }: CallOptions,
): Promise<ReadonlyMap<string, ObservedState>> {
  const options = { signal, timeoutMs };
  const states = await transport.call('network.list', { xml: true, inactive: true }, options);
  const found = new Map<string, ObservedState>();
  for (const { xml, inactiveXml, ...state } of states) {
    const stored = state.active ? (inactiveXml ?? (await readStoredText(transport, state, options))) : xml;
    found.set(state.name, stateOfTexts(state, state.active ? xml : undefined, stored));
  }
  return found;
}

/** Transports that list only one copy are asked for the other. */
const readStoredText = (transport: Transport, { uuid, name, persistent }: NetworkState, options: CallOptions) =>
  persistent
    ? transport.call('network.dump', { network: uuid, name, inactive: true }, options).catch(ifGone)
    : undefined;
