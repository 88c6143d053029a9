import type { Rest } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { writeNetworkPort } from '../../schema/small-formats/networkport.js';
import { parseDump } from '../state/definition.js';
import { ifGone } from '../state/read-state.js';
import { portAt } from './guest-links.js';
import { writeMark } from './restart-marker.js';
import { assertBridgeFree, startNow, storedOf, type Workplace } from './workplace.js';

/**
 * Stops and starts a network, and gives the guests that run their links back: libvirt leaves them without. Their devices
 * are marked before, so that a later call can do it when this program comes to an end in between.
 *
 * @throws as {@link attach}
 */
export async function restart(place: Workplace, rest: Rest): Promise<void> {
  const { connection, name, uuid, before } = place;
  const next = await storedOf(place, rest);
  // A bridge of another name may be somebody else's device; that must be known before the network is stopped.
  const isSameBridge = next.bridge?.name === before.live?.bridge?.name;
  if (!isSameBridge) await assertBridgeFree(place, next, rest);
  await mark(place, rest);
  await connection.transport.call('network.destroy', { network: uuid, name }, rest());
  if (isSameBridge) await assertBridgeFree(place, next, rest);
  await startNow(place, rest);
  await attach(place, rest);
}

/** Writes on the devices of guests whose they are. */
export async function mark({ view, attached, uuid: network }: Workplace, rest: Rest): Promise<void> {
  if (view?.attach === undefined) return;
  for (const member of attached.members) {
    const text = writeMark({ network, port: portAt(member, attached.ports), before: member.alias });
    if (text !== undefined) await view.setAlias?.(member.tap, text, rest());
  }
}

/** Gives the devices of guests the texts back that they had. A mark that stays has the next call look after its device. */
async function unmark({ view, attached }: Workplace, rest: Rest): Promise<void> {
  for (const { tap, alias } of attached.members) await view?.setAlias?.(tap, alias, rest())?.catch(() => undefined);
}

/**
 * Gives guests their ports and their places in the bridge back, as far as the network has one.
 *
 * @throws {@link LibvirtError} code `NOT_APPLIED`, or what the view throws, when a guest's device is not in the bridge
 *   afterwards
 */
export async function attach(place: Workplace, rest: Rest): Promise<void> {
  await makePorts(place, rest);
  const bridge = place.attached.members.length === 0 ? undefined : await bridgeOf(place, rest);
  if (bridge !== undefined) await putInto(bridge, place, rest);
  await unmark(place, rest);
}

async function putInto(bridge: string, place: Workplace, rest: Rest): Promise<void> {
  const { view, attached, name: network } = place;
  if (view?.attach === undefined) return;
  const errors: unknown[] = [];
  for (const { tap } of attached.members)
    await view.attach(tap, bridge, rest()).catch((error: unknown) => errors.push(error));
  const lost = await outsideOf(bridge, place, rest);
  if (lost.length === 0) return;
  const what = `cannot put them into bridge ${bridge}: ${lost.join(', ')}`;
  throw errors[0] ?? new LibvirtError('NOT_APPLIED', what, { network });
}

/** The devices of guests that were in the network's bridge and are no more. */
export async function lostGuests(place: Workplace, rest: Rest): Promise<readonly string[]> {
  if (place.view === undefined || place.attached.members.length === 0) return [];
  const before = new Set(place.attached.members.flatMap(({ tap, mark }) => (mark === undefined ? [tap] : [])));
  const outside = await outsideOf(await bridgeOf(place, rest).catch(ifGone), place, rest);
  return outside.filter((tap) => before.has(tap));
}

async function outsideOf(
  bridge: string | undefined,
  { view, attached }: Workplace,
  rest: Rest,
): Promise<readonly string[]> {
  const { devices } = view === undefined ? { devices: [] } : await view.look(rest());
  // A guest that was switched off in the meantime has no device, and misses no link.
  const outside = new Set(devices.flatMap(({ name, master }) => (master === bridge ? [] : [name])));
  return attached.members.flatMap(({ tap }) => (outside.has(tap) ? [tap] : []));
}

/** The bridge of the network as it runs now. */
async function bridgeOf({ connection, name, uuid }: Workplace, rest: Rest): Promise<string | undefined> {
  const live = parseDump(await connection.transport.call('network.dump', { network: uuid, name }, rest()));
  return live.document.bridge?.name;
}

/** libvirt remembers no port over a stop. */
async function makePorts({ connection, name, uuid, attached }: Workplace, rest: Rest): Promise<void> {
  if (attached.ports.length === 0) return;
  const { transport } = connection;
  const self = { network: uuid, name };
  const there = new Set(await transport.call('network.ports', self, rest()));
  for (const { plug: _, ...port } of attached.ports)
    if (!there.has(port.uuid)) await transport.call('port.create', { ...self, xml: writeNetworkPort(port) }, rest());
}
