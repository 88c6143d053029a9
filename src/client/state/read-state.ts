import type { CallOptions, RemainingTime } from '../../async/deadline.js';
import { inParallel } from '../../async/parallel.js';
import { LibvirtError } from '../../errors/index.js';
import { Network } from '../../model/network.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { NetworkPort } from '../../schema/networkport.js';
import type { NetworkState, Transport } from '../../transport/operations.js';
import type { ObservedState } from './observed-state.js';
import { readPorts } from './ports.js';
import { ifGone, ifUnsupported } from './tolerated.js';

/** Reads the current state of a network, without its guests. */
export async function readState(transport: Transport, name: string, remaining: RemainingTime): Promise<ObservedState> {
  const state = await transport.call('network.lookup', { network: name }, remaining()).catch(ifGone);
  if (state === undefined) return {};
  const read = (inactive: boolean) =>
    transport.call('network.dump', { network: state.uuid, name, inactive }, remaining()).catch(ifGone);
  const wanted = [...(state.active ? [false] : []), ...(state.persistent ? [true] : [])];
  const texts = new Map(await inParallel(wanted, 2, async (inactive) => [inactive, await read(inactive)] as const));
  return stateOfTexts(state, texts.get(false), texts.get(true));
}

/** Builds the state of a network from its definitions. */
const stateOfTexts = (state: NetworkState, live: string | undefined, stored: string | undefined): ObservedState => ({
  state,
  ...named('live', live),
  ...named('stored', stored),
});

function named(key: 'live' | 'stored', xml: string | undefined): ObservedState {
  const document = xml === undefined ? undefined : parseOrUndefined(xml);
  return document === undefined ? {} : { [key]: document };
}

/** libvirt prints a few values without escaping them; what cannot be read is replaced whole. */
function parseOrUndefined(xml: string): NetworkDocument | undefined {
  try {
    return Network.parse(xml).document;
  } catch (error) {
    if (LibvirtError.is(error)) return undefined;
    throw error;
  }
}

/** The guests' ports on a running network; none where libvirt is older than ports. */
export const readGuestPorts = (
  transport: Transport,
  network: string,
  remaining: RemainingTime,
): Promise<readonly NetworkPort[]> => readPorts(transport, { network }, remaining).catch(ifUnsupported);

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
