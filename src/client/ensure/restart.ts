import type { RemainingTime } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { writeNetworkPort } from '../../schema/small-formats/networkport.js';
import { parseDump } from '../state/definition.js';
import { ifGone, ifInactive } from '../state/tolerated.js';
import { type EnsureContext, guardedStart, readStored } from './ensure-context.js';
import { portOfDevice } from './guest-links.js';
import { replugGuests } from './replug.js';
import { writeRestartMark } from './restart-marker.js';

/**
 * Stops and starts a network, and restores the links of running guests, which libvirt does not. The devices are marked first, so that a later call can do it if this program ends in between.
 *
 * @throws as {@link restoreGuestLinks}
 */
export async function restart(context: EnsureContext, remaining: RemainingTime): Promise<void> {
  const { connection, name, uuid, before } = context;
  const { transport, guard } = connection;
  const self = { network: uuid, name };
  const next = await readStored(context, remaining);
  const start = guardedStart(context, remaining, async () => next);
  // Another bridge name may belong to an existing device; check it before the network stops.
  const isSameBridge = next.bridge?.name === before.live?.bridge?.name;
  if (!isSameBridge) await guard.assertFree(start, remaining);
  await markGuests(context, remaining);
  // Another program may have stopped it first.
  await transport.call('network.destroy', self, remaining()).catch(ifInactive);
  if (isSameBridge) await guard.assertFree(start, remaining);
  await guard.startUnchecked(remaining, () => transport.call('network.start', self, remaining()));
  await restoreGuestLinks(context, remaining);
}

/** Marks the devices of guests with their network and port. */
export async function markGuests(
  { view, links, uuid: network }: EnsureContext,
  remaining: RemainingTime,
): Promise<void> {
  if (view?.attach === undefined) return;
  for (const member of links.devices) {
    const text = writeRestartMark({ network, port: portOfDevice(member, links.ports), before: member.alias });
    if (text !== undefined) await view.setAlias?.(member.tap, text, remaining());
  }
}

/** Restores the aliases of the guests' devices. A mark that remains makes the next call repair that device. */
async function unmarkGuests({ view, links }: EnsureContext, remaining: RemainingTime): Promise<void> {
  for (const { tap, alias } of links.devices) await view?.setAlias?.(tap, alias, remaining())?.catch(() => undefined);
}

/**
 * Restores the ports of guests, and their devices in the bridge if the network has one.
 *
 * @throws {@link LibvirtError} code `NOT_APPLIED`, or what the view throws, when a guest's device is not in the bridge
 *   afterwards
 */
export async function restoreGuestLinks(context: EnsureContext, remaining: RemainingTime): Promise<void> {
  if (context.view?.attach === undefined)
    for (const mac of await replugGuests(context, remaining)) context.replugged.add(mac);
  await recreatePorts(context, remaining);
  const bridge = context.links.devices.length === 0 ? undefined : await bridgeOf(context, remaining);
  if (bridge !== undefined) await attachDevices(bridge, context, remaining);
  await unmarkGuests(context, remaining);
}

async function attachDevices(bridge: string, context: EnsureContext, remaining: RemainingTime): Promise<void> {
  const { view, links, name: network } = context;
  if (view?.attach === undefined) return;
  const errors: unknown[] = [];
  for (const { tap } of links.devices)
    await view.attach(tap, bridge, remaining()).catch((error: unknown) => errors.push(error));
  const lost = await devicesOutside(bridge, context, remaining);
  if (lost.length === 0) return;
  const what = `cannot put them into bridge ${bridge}: ${lost.join(', ')}`;
  throw errors[0] ?? new LibvirtError('NOT_APPLIED', what, { network });
}

/** Returns the devices of guests that are no longer in the network's bridge. */
export async function lostGuests(context: EnsureContext, remaining: RemainingTime): Promise<readonly string[]> {
  if (context.view === undefined || context.links.devices.length === 0) return [];
  const before = new Set(context.links.devices.flatMap(({ tap, mark }) => (mark === undefined ? [tap] : [])));
  const outside = await devicesOutside(await bridgeOf(context, remaining).catch(ifGone), context, remaining);
  return outside.filter((tap) => before.has(tap));
}

async function devicesOutside(
  bridge: string | undefined,
  { view, links }: EnsureContext,
  remaining: RemainingTime,
): Promise<readonly string[]> {
  const { devices } = view === undefined ? { devices: [] } : await view.look(remaining());
  // A guest that was switched off in the meantime has no device, and misses no link.
  const outside = new Set(devices.flatMap(({ name, master }) => (master === bridge ? [] : [name])));
  return links.devices.flatMap(({ tap }) => (outside.has(tap) ? [tap] : []));
}

/** The bridge of the network as it runs now. */
async function bridgeOf(
  { connection, name, uuid }: EnsureContext,
  remaining: RemainingTime,
): Promise<string | undefined> {
  const live = parseDump(await connection.transport.call('network.dump', { network: uuid, name }, remaining()));
  return live.document.bridge?.name;
}

/** libvirt remembers no port over a stop. */
async function recreatePorts(
  { connection, name, uuid, links, replugged }: EnsureContext,
  remaining: RemainingTime,
): Promise<void> {
  const ports = links.ports.filter(({ mac }) => !replugged.has(mac.address));
  if (ports.length === 0) return;
  const { transport } = connection;
  const self = { network: uuid, name };
  const there = new Set(await transport.call('network.ports', self, remaining()));
  for (const { plug: _, ...port } of ports)
    if (!there.has(port.uuid))
      await transport.call('port.create', { ...self, xml: writeNetworkPort(port) }, remaining());
}
