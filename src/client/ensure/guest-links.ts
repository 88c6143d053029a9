import type { RemainingTime } from '../../async/deadline.js';
import { isLayer3 } from '../../schema/network/canonical.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { NetworkPort } from '../../schema/networkport.js';
import type { Transport } from '../../transport/operations.js';
import type { DeviceFacts, HostFacts, HostView } from '../state/host-view.js';
import type { Guest, ObservedState } from '../state/observed-state.js';
import { readGuestPorts } from '../state/read-state.js';
import { type RestartMark, readRestartMark } from './restart-marker.js';

/** A device of a guest. */
export interface GuestDevice {
  readonly tap: string;
  readonly mac?: string | undefined;
  /** The text that it carries, our own mark apart. */
  readonly alias: string;
  /** Mark of an unfinished restart. */
  readonly mark?: RestartMark | undefined;
}

/** Ports and devices of the guests of a running network, to be restored after a restart. */
export interface GuestLinks {
  readonly ports: readonly NetworkPort[];
  /** Devices in the network's bridge, and devices that an unfinished restart took out of it. */
  readonly devices: readonly GuestDevice[];
}

export const NO_LINKS: GuestLinks = { ports: [], devices: [] };

/** A view that can mark the devices of guests, and put them back. */
const canMark = (view: HostView | undefined): boolean => view?.attach !== undefined && view.setAlias !== undefined;

/** Returns the uuids of networks whose restart was not finished. */
export async function findUnfinishedRestarts(
  view: HostView | undefined,
  remaining: RemainingTime,
): Promise<ReadonlySet<string>> {
  if (view === undefined || !canMark(view)) return new Set();
  const { devices } = await view.look(remaining());
  return new Set(devices.flatMap(({ alias }) => readRestartMark(alias)?.network ?? []));
}

/** Reads the ports that libvirt gave to the guests of a network, and their devices. */
export async function readGuestLinks(
  transport: Transport,
  { state, live }: ObservedState,
  view: HostView | undefined,
  remaining: RemainingTime,
): Promise<GuestLinks> {
  if (state === undefined) return NO_LINKS;
  const ports = state.active ? await readGuestPorts(transport, state.uuid, remaining) : [];
  const bridge = live?.bridge?.name;
  if (view === undefined || (bridge === undefined && !canMark(view))) return { ports, devices: [] };
  const there = guestDevicesIn(await view.look(remaining()), bridge, state.uuid);
  const devices = there.filter((member) => isOwn(member, live, ports));
  return { ports: [...ports, ...markedPorts(ports, devices)], devices };
}

/** Tells whether a device belongs to a guest of this network: a bridge of the host has other devices too, such as its uplink. */
const isOwn = (member: GuestDevice, live: NetworkDocument | undefined, ports: readonly NetworkPort[]): boolean =>
  member.mark !== undefined || live === undefined || isLayer3(live) || portOfDevice(member, ports) !== undefined;

/** Returns the devices of guests: in the bridge of the network, or marked as its own and in no other bridge. */
export const guestDevicesIn = (
  { devices }: HostFacts,
  bridge: string | undefined,
  network: string,
): readonly GuestDevice[] =>
  devices.flatMap((device) => {
    const member = guestDeviceOf(device);
    const isInside = bridge !== undefined && device.master === bridge;
    const isMarked = member.mark?.network === network && (isInside || device.master === undefined);
    // The device that holds the MAC address of the bridge (libvirt before 6.0) belongs to no guest.
    return isMarked || (isInside && device.name !== `${bridge}-nic`) ? [member] : [];
  });

function guestDeviceOf({ name, mac, alias = '' }: DeviceFacts): GuestDevice {
  const mark = readRestartMark(alias);
  return { tap: name, mac, alias: mark?.before ?? alias, ...(mark === undefined ? {} : { mark }) };
}

const markedPorts = (ports: readonly NetworkPort[], devices: readonly GuestDevice[]): readonly NetworkPort[] => {
  const known = new Set(ports.map(({ uuid }) => uuid));
  return devices.flatMap(({ mark }) => (mark?.port === undefined || known.has(mark.port.uuid) ? [] : [mark.port]));
};

/** A guest's device on the host has its MAC address but for the first byte. */
const withoutFirstByte = (mac: string): string => mac.toLowerCase().slice(2);

/** The port that belongs to a device. */
export const portOfDevice = ({ mac }: GuestDevice, ports: readonly NetworkPort[]): NetworkPort | undefined =>
  mac === undefined ? undefined : ports.find((port) => withoutFirstByte(port.mac.address) === withoutFirstByte(mac));

/** Returns the guests: those with ports, and those that only their devices show. */
export function guestsIn({ ports, devices }: GuestLinks): readonly Guest[] {
  const tapOf = new Map(devices.flatMap((member) => [[portOfDevice(member, ports), member.tap] as const]));
  const known = ports.map((port): Guest => {
    const tap = tapOf.get(port);
    return { name: port.owner.name, mac: port.mac.address, ...(tap === undefined ? {} : { tap }) };
  });
  const others = devices.filter((member) => portOfDevice(member, ports) === undefined);
  return [...known, ...others.map(({ tap, mac }) => ({ tap, mac }))];
}

/** Returns the guests that lost their links in an unfinished restart. */
export const lostIn = ({ ports, devices }: GuestLinks): readonly Guest[] =>
  guestsIn({
    ports: devices.flatMap((member) => (member.mark === undefined ? [] : (portOfDevice(member, ports) ?? []))),
    devices: devices.filter(({ mark }) => mark !== undefined),
  });
