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
  /** True if it is in no bridge although the guest has a port: the network was restarted without a view. Default: false. */
  readonly isLoose?: boolean | undefined;
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

/** Traces of restarts after which guests have no links. */
export interface UnfinishedRestarts {
  /** Uuids of networks that devices are marked with. */
  readonly networks: ReadonlySet<string>;
  /** True if a guest's device is in no bridge: only the ports tell of which network. */
  readonly hasLoose: boolean;
}

/** Finds traces of restarts that did not give guests their links back. */
export async function findUnfinishedRestarts(
  view: HostView | undefined,
  remaining: RemainingTime,
): Promise<UnfinishedRestarts> {
  if (view?.attach === undefined) return { networks: new Set(), hasLoose: false };
  const { devices } = await view.look(remaining());
  const networks = new Set(devices.flatMap(({ alias }) => readRestartMark(alias)?.network ?? []));
  return { networks, hasLoose: devices.some(isLooseTap) };
}

/** libvirt gives the devices of guests MAC addresses that begin with fe. */
const isLooseTap = ({ mac, master }: DeviceFacts): boolean =>
  master === undefined && mac?.toLowerCase().startsWith('fe:') === true;

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
  const facts = await view.look(remaining());
  const there = guestDevicesIn(facts, bridge, state.uuid).filter((member) => isOwn(member, live, ports));
  const known = new Set(there.map(({ tap }) => tap));
  const loose = view.attach === undefined ? [] : looseDevices(facts, live, ports).filter(({ tap }) => !known.has(tap));
  const devices = [...there, ...loose];
  return { ports: [...ports, ...markedPorts(ports, devices)], devices };
}

/** Returns the devices of this network's guests that are in no bridge. */
const looseDevices = (
  { devices }: HostFacts,
  live: NetworkDocument | undefined,
  ports: readonly NetworkPort[],
): readonly GuestDevice[] =>
  live === undefined || !isLayer3(live)
    ? []
    : devices
        .filter(isLooseTap)
        .map((device) => ({ ...guestDeviceOf(device), isLoose: true }))
        .filter((member) => portOfDevice(member, ports) !== undefined);

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

/** Returns the guests that lost their links in a restart that did not give them back. */
export function lostIn({ ports, devices }: GuestLinks): readonly Guest[] {
  const lost = devices.filter(({ mark, isLoose = false }) => mark !== undefined || isLoose);
  return guestsIn({ ports: lost.flatMap((member) => portOfDevice(member, ports) ?? []), devices: lost });
}
