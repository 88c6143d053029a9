import type { CallOptions, Rest } from '../../async/deadline.js';
import { inParallel } from '../../async/parallel.js';
import { LibvirtError } from '../../errors/index.js';
import type { NetworkPort } from '../../schema/networkport.js';
import type { NetworkState, Transport } from '../../transport/operations.js';
import { tryDump, type UnreadableDefinition } from './definition.js';
import type { Situation } from './observed-state.js';
import { readPorts } from './ports.js';

/** What a host says of one network, its guests apart. */
export async function readSituation(transport: Transport, name: string, rest: Rest): Promise<Situation> {
  const state = await transport.call('network.lookup', { network: name }, rest()).catch(ifGone);
  if (state === undefined) return {};
  const read = (inactive: boolean) =>
    transport.call('network.dump', { network: state.uuid, name, inactive }, rest()).catch(ifGone);
  const wanted = [...(state.active ? [false] : []), ...(state.persistent ? [true] : [])];
  const texts = new Map(await inParallel(wanted, 2, async (inactive) => [inactive, await read(inactive)] as const));
  return situationOf(state, texts.get(false), texts.get(true));
}

/** The situation that a network's state and texts tell of. */
export function situationOf(state: NetworkState, live: string | undefined, stored: string | undefined): Situation {
  const unreadable: UnreadableDefinition[] = [];
  const read = (copy: 'live' | 'stored', xml: string | undefined): Situation => {
    if (xml === undefined) return {};
    const result = tryDump(xml);
    if ('network' in result) return { [copy]: result.network.document };
    unreadable.push({ copy, ...result });
    return {};
  };
  return { state, ...read('live', live), ...read('stored', stored), ...(unreadable.length > 0 ? { unreadable } : {}) };
}

/** Takes the absence of a network for an answer; other errors go on. */
export function ifGone(error: unknown): undefined {
  if (LibvirtError.is(error) && error.code === 'NETWORK_NOT_FOUND') return undefined;
  throw error;
}

/** The guests' ports on a running network; none where libvirt is older than ports. */
export const portsOf = (transport: Transport, network: string, rest: Rest): Promise<readonly NetworkPort[]> =>
  readPorts(transport, { network }, rest).catch(ifUnsupported);

/** Takes it for nothing that libvirt cannot tell; other errors go on. */
export function ifUnsupported(error: unknown): readonly never[] {
  if (LibvirtError.is(error) && (error.code === 'UNSUPPORTED' || error.code === 'CLIENT_TOO_OLD')) return [];
  throw error;
}

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
export const storedOf = (transport: Transport, { uuid, name, persistent }: NetworkState, options: CallOptions) =>
  persistent
    ? transport.call('network.dump', { network: uuid, name, inactive: true }, options).catch(ifGone)
    : undefined;
