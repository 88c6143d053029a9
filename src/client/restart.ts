import { LibvirtError } from '../errors/index.js';
import { Network } from '../model/network.js';
import { writeNetworkPort } from '../schema/companion.js';
import type { Rest } from './budget.js';
import type { HostView } from './host-view.js';
import type { Transport } from './operations.js';
import type { Situation } from './plan/index.js';
import { membersOf, portsOf } from './situation.js';
import { type Attachments, assertBridgeFree, start, type Workplace } from './workplace.js';

/** What guests have of a network as it runs. */
export async function attachmentsOf(
  transport: Transport,
  { state, live }: Situation,
  view: HostView | undefined,
  rest: Rest,
): Promise<Attachments> {
  if (state?.active !== true) return { ports: [], members: [] };
  const ports = await portsOf(transport, state.uuid, rest);
  const bridge = live?.bridge?.name;
  return {
    ports,
    members: view === undefined || bridge === undefined ? [] : membersOf(await view.look(rest()), bridge),
  };
}

/**
 * Stops and starts a network, and gives the guests that run their links back: libvirt leaves them without.
 *
 * @throws as {@link attach}
 */
export async function restart(place: Workplace, rest: Rest): Promise<void> {
  const { connection, name, uuid, before } = place;
  const self = { network: uuid, name };
  const next = Network.parse(await connection.transport.call('network.dump', { ...self, inactive: true }, rest()));
  // A bridge of another name may be somebody else's device; that must be known before the network is stopped.
  if (next.document.bridge?.name !== before.live?.bridge?.name) await assertBridgeFree(place, rest);
  await connection.transport.call('network.destroy', self, rest());
  await start(place, rest);
  await attach(place, rest);
}

/**
 * Gives guests their ports and their places in the bridge back, as far as the network has one.
 *
 * @throws {@link LibvirtError} code `NOT_APPLIED` when a guest's device is not in the bridge afterwards
 */
export async function attach(place: Workplace, rest: Rest): Promise<void> {
  await makePorts(place, rest);
  const { view, attached, name } = place;
  const bridge = attached.members.length === 0 ? undefined : await bridgeOf(place, rest);
  if (bridge === undefined || view?.attach === undefined) return;
  for (const { tap } of attached.members) await view.attach(tap, bridge, rest());
  const lost = await lostGuests(place, rest);
  if (lost.length > 0)
    throw new LibvirtError('NOT_APPLIED', `cannot put them into bridge ${bridge}: ${lost.join(', ')}`, {
      network: name,
    });
}

/** The devices of guests that are no longer in the network's bridge. */
export async function lostGuests(place: Workplace, rest: Rest): Promise<readonly string[]> {
  const { view, attached } = place;
  if (view === undefined || attached.members.length === 0) return [];
  const bridge = await bridgeOf(place, rest);
  const inside = new Set(bridge === undefined ? [] : membersOf(await view.look(rest()), bridge).map(({ tap }) => tap));
  return attached.members.filter(({ tap }) => !inside.has(tap)).map(({ tap }) => tap);
}

/** The bridge of the network as it runs now. */
async function bridgeOf({ connection, name, uuid }: Workplace, rest: Rest): Promise<string | undefined> {
  const live = Network.parse(await connection.transport.call('network.dump', { network: uuid, name }, rest()));
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
