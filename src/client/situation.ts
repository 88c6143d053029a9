import { LibvirtError } from '../errors/index.js';
import { Network } from '../model/network.js';
import type { NetworkDocument } from '../schema/network/network.js';
import type { NetworkPort } from '../schema/networkport.js';
import type { Rest } from './budget.js';
import type { HostFacts, HostView } from './host-view.js';
import type { NetworkState, Transport } from './operations.js';
import type { Guest, Situation } from './plan/index.js';
import { readPorts } from './ports.js';

/** What a host says of one network, its guests apart. */
export async function readSituation(transport: Transport, name: string, rest: Rest): Promise<Situation> {
  const state = await transport.call('network.lookup', { network: name }, rest()).catch(ifGone);
  if (state === undefined) return {};
  const read = (inactive: boolean) =>
    transport.call('network.dump', { network: state.uuid, name, inactive }, rest()).catch(ifGone);
  return situationOf(
    state,
    state.active ? await read(false) : undefined,
    state.persistent ? await read(true) : undefined,
  );
}

/** The situation that a network's state and texts tell of. */
export const situationOf = (state: NetworkState, live: string | undefined, stored: string | undefined): Situation => ({
  state,
  ...named('live', live),
  ...named('stored', stored),
});

function named(key: 'live' | 'stored', xml: string | undefined): Situation {
  const document = xml === undefined ? undefined : parsed(xml);
  return document === undefined ? {} : { [key]: document };
}

/** libvirt prints a few values without escaping them; what cannot be read is replaced whole. */
function parsed(xml: string): NetworkDocument | undefined {
  try {
    return Network.parse(xml).document;
  } catch (error) {
    if (LibvirtError.is(error)) return undefined;
    throw error;
  }
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

/** Who uses a running network: the guests that libvirt has given ports, and the devices in its bridge. */
export async function guestsOn(
  transport: Transport,
  { state, live }: Situation,
  view: HostView | undefined,
  rest: Rest,
): Promise<readonly Guest[]> {
  if (state?.active !== true) return [];
  const ports = await portsOf(transport, state.uuid, rest);
  const bridge = live?.bridge?.name;
  const facts = view === undefined || bridge === undefined ? undefined : await view.look(rest());
  return together(ports, facts === undefined || bridge === undefined ? [] : membersOf(facts, bridge));
}

/** A device in a bridge. */
export interface Member {
  readonly tap: string;
  readonly mac?: string | undefined;
}

/** The devices in a bridge, but libvirt's own that holds its MAC address (until 6.0). */
export const membersOf = ({ devices }: HostFacts, bridge: string): readonly Member[] =>
  devices.flatMap(({ name, mac, master }) =>
    master === bridge && name !== `${bridge}-nic` ? [{ tap: name, mac }] : [],
  );

/** A guest's device on the host has its MAC address but for the first byte. */
const tail = (mac: string): string => mac.toLowerCase().slice(2);

function together(ports: readonly NetworkPort[], members: readonly Member[]): Guest[] {
  const known = ports.map(({ owner, mac }): Guest => {
    const member = members.find((one) => one.mac !== undefined && tail(one.mac) === tail(mac.address));
    return { name: owner.name, mac: mac.address, ...(member === undefined ? {} : { tap: member.tap }) };
  });
  const taps = new Set(known.map(({ tap }) => tap));
  return [...known, ...members.filter(({ tap }) => !taps.has(tap))];
}
