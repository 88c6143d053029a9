import type { ListInput, NetworkState, Operations } from '../transport/operations.js';
import { type Asking, present } from './asking.js';
import { CALLS, type NetworkName } from './wire/procedures.js';

/** `virConnectListAllNetworksFlags` of libvirt. */
const LISTED = { inactive: 1, active: 2, persistent: 4, transient: 8, autostart: 16, noAutostart: 32 } as const;

/** `VIR_NETWORK_XML_INACTIVE` of libvirt. */
const STORED = 1;

const listed = async (asking: Asking, flags: number): Promise<readonly NetworkName[]> =>
  (await asking.read(CALLS.CONNECT_LIST_ALL_NETWORKS, { need_results: 1, flags })).nets;

const choice = (value: boolean | undefined, yes: number, no: number): number =>
  value === undefined ? 0 : value ? yes : no;

/** Lists networks with their state: four lists tell all that is asked, however many networks there are. */
export async function listNetworks(input: ListInput, asking: Asking): Promise<readonly NetworkState[]> {
  const wanted =
    choice(input.active, LISTED.active, LISTED.inactive) |
    choice(input.persistent, LISTED.persistent, LISTED.transient) |
    choice(input.autostart, LISTED.autostart, LISTED.noAutostart);
  const [all = [], ...sets] = await Promise.all(
    [wanted, LISTED.active, LISTED.persistent, LISTED.autostart].map((flags) => listed(asking, flags)),
  );
  const [active, persistent, autostart] = sets.map((nets) => new Set(nets.map(({ uuid }) => uuid)));
  const states = all.map(({ name, uuid }) => ({
    name,
    uuid,
    active: active?.has(uuid) === true,
    persistent: persistent?.has(uuid) === true,
    autostart: autostart?.has(uuid) === true,
  }));
  if (input.xml !== true) return states;
  return present(states.map((state) => withDefinitions(state, input.inactive === true, asking)));
}

/** Looks a network up, with its definitions where they are asked for. */
export async function lookUpNetwork(
  input: Operations['network.lookup']['input'],
  asking: Asking,
): Promise<NetworkState> {
  const net = await asking.network({ network: input.network });
  const [{ active }, { persistent }, { autostart }] = await Promise.all([
    asking.read(CALLS.NETWORK_IS_ACTIVE, { net }),
    asking.read(CALLS.NETWORK_IS_PERSISTENT, { net }),
    asking.read(CALLS.NETWORK_GET_AUTOSTART, { net }),
  ]);
  const state = { ...net, active: active === 1, persistent: persistent === 1, autostart: autostart === 1 };
  return input.xml === true ? withDefinitions(state, true, asking) : state;
}

async function withDefinitions(state: NetworkState, bothCopies: boolean, asking: Asking): Promise<NetworkState> {
  const net = { name: state.name, uuid: state.uuid };
  const read = async (flags: number) => (await asking.read(CALLS.NETWORK_GET_XML_DESC, { net, flags })).xml;
  const wantsStored = bothCopies && state.active && state.persistent;
  const [xml, inactiveXml] = await Promise.all([read(0), wantsStored ? read(STORED) : undefined]);
  return { ...state, xml, ...(inactiveXml === undefined ? {} : { inactiveXml }) };
}
