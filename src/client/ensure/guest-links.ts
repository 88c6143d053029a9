import type { Rest } from '../../async/deadline.js';
import { isLayer3 } from '../../schema/network/canonical.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { NetworkPort } from '../../schema/networkport.js';
import type { Transport } from '../../transport/operations.js';
import type { DeviceFacts, HostFacts, HostView } from '../state/host-view.js';
import type { Guest, Situation } from '../state/observed-state.js';
import { portsOf } from '../state/read-state.js';
import { type Mark, readMark } from './restart-marker.js';

/** A device of a guest. */
export interface Member {
  readonly tap: string;
  readonly mac?: string | undefined;
  /** The text that it carries, our own mark apart. */
  readonly alias: string;
  /** What a restart wrote on it that was not finished. */
  readonly mark?: Mark | undefined;
}

/** What guests have of a running network, to be given back to them. */
export interface Attachments {
  readonly ports: readonly NetworkPort[];
  /** Devices in the network's bridge, and those that a restart took out of it that was not finished. */
  readonly members: readonly Member[];
}

export const NO_GUESTS: Attachments = { ports: [], members: [] };

/** A view that can mark the devices of guests, and put them back. */
const canMark = (view: HostView | undefined): boolean => view?.attach !== undefined && view.setAlias !== undefined;

/** Uuids of the networks that have guests whose links a restart took that was not finished. */
export async function unfinished(view: HostView | undefined, rest: Rest): Promise<ReadonlySet<string>> {
  if (view === undefined || !canMark(view)) return new Set();
  const { devices } = await view.look(rest());
  return new Set(devices.flatMap(({ alias }) => readMark(alias)?.network ?? []));
}

/** What guests have of a network: the ports that libvirt has given them, and their devices. */
export async function attachmentsOf(
  transport: Transport,
  { state, live }: Situation,
  view: HostView | undefined,
  rest: Rest,
): Promise<Attachments> {
  if (state === undefined) return NO_GUESTS;
  const ports = state.active ? await portsOf(transport, state.uuid, rest) : [];
  const bridge = live?.bridge?.name;
  if (view === undefined || (bridge === undefined && !canMark(view))) return { ports, members: [] };
  const there = membersOf(await view.look(rest()), bridge, state.uuid);
  const members = there.filter((member) => isOwn(member, live, ports));
  return { ports: [...ports, ...markedPorts(ports, members)], members };
}

/** In a bridge of the host there are devices of others too, such as its way out. */
const isOwn = (member: Member, live: NetworkDocument | undefined, ports: readonly NetworkPort[]): boolean =>
  member.mark !== undefined || live === undefined || isLayer3(live) || portAt(member, ports) !== undefined;

/** The devices of guests: in the bridge of the network, or marked as its own and in no other. */
export const membersOf = ({ devices }: HostFacts, bridge: string | undefined, network: string): readonly Member[] =>
  devices.flatMap((device) => {
    const member = memberOf(device);
    const isInside = bridge !== undefined && device.master === bridge;
    const isMarked = member.mark?.network === network && (isInside || device.master === undefined);
    // libvirt's own device that holds the MAC address of the bridge (until 6.0) is nobody's.
    return isMarked || (isInside && device.name !== `${bridge}-nic`) ? [member] : [];
  });

function memberOf({ name, mac, alias = '' }: DeviceFacts): Member {
  const mark = readMark(alias);
  return { tap: name, mac, alias: mark?.before ?? alias, ...(mark === undefined ? {} : { mark }) };
}

const markedPorts = (ports: readonly NetworkPort[], members: readonly Member[]): readonly NetworkPort[] => {
  const known = new Set(ports.map(({ uuid }) => uuid));
  return members.flatMap(({ mark }) => (mark?.port === undefined || known.has(mark.port.uuid) ? [] : [mark.port]));
};

/** A guest's device on the host has its MAC address but for the first byte. */
const tail = (mac: string): string => mac.toLowerCase().slice(2);

/** The port that belongs to a device. */
export const portAt = ({ mac }: Member, ports: readonly NetworkPort[]): NetworkPort | undefined =>
  mac === undefined ? undefined : ports.find((port) => tail(port.mac.address) === tail(mac));

/** Who that is: guests with ports and those that are known by their devices alone. */
export function guestsIn({ ports, members }: Attachments): readonly Guest[] {
  const tapOf = new Map(members.flatMap((member) => [[portAt(member, ports), member.tap] as const]));
  const known = ports.map((port): Guest => {
    const tap = tapOf.get(port);
    return { name: port.owner.name, mac: port.mac.address, ...(tap === undefined ? {} : { tap }) };
  });
  const others = members.filter((member) => portAt(member, ports) === undefined);
  return [...known, ...others.map(({ tap, mac }) => ({ tap, mac }))];
}

/** Those whose links a restart took that was not finished. */
export const lostIn = ({ ports, members }: Attachments): readonly Guest[] =>
  guestsIn({
    ports: members.flatMap((member) => (member.mark === undefined ? [] : (portAt(member, ports) ?? []))),
    members: members.filter(({ mark }) => mark !== undefined),
  });
