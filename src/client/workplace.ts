import { Network } from '../model/network.js';
import type { NetworkDocument } from '../schema/network/network.js';
import type { NetworkPort } from '../schema/networkport.js';
import type { Rest } from './budget.js';
import { withLoss } from './guard.js';
import type { HostView } from './host-view.js';
import { assertSize } from './identity.js';
import type { Connection } from './live.js';
import type { Situation } from './plan/index.js';
import type { Member } from './situation.js';

/** What guests have of a running network, to be given back to them. */
export interface Attachments {
  readonly ports: readonly NetworkPort[];
  /** Devices in the network's bridge. */
  readonly members: readonly Member[];
}

/** One network while it is being changed. */
export interface Workplace {
  readonly connection: Connection;
  readonly name: string;
  /** Its uuid, which a new one is given before it is defined, so that nobody else's is taken for it. */
  readonly uuid: string;
  /** What was there before. */
  readonly before: Situation;
  /** What guests have of it, where it will be taken away from them. */
  readonly attached: Attachments;
  readonly libvirt: string;
  readonly view?: HostView | undefined;
}

/** Stores a definition. */
export async function define(
  { connection, name, uuid, libvirt }: Workplace,
  document: NetworkDocument,
  rest: Rest,
): Promise<void> {
  const xml = Network.from({ ...document, uuid }).toXml({ libvirt, check: false });
  assertSize(name, xml);
  await connection.transport.call('network.define', { xml, name }, rest());
}

/** Starts what is stored, unless that would cost the host a device. */
export async function start(place: Workplace, rest: Rest): Promise<void> {
  const { connection, name, uuid } = place;
  const { transport, guard } = connection;
  await assertBridgeFree(place, rest);
  await transport.call('network.start', { network: uuid, name }, rest()).catch(async (error: unknown) => {
    throw (await guard.isNeeded(rest)) ? withLoss(error) : error;
  });
}

/**
 * Refuses to start what is stored when the host has a device of the bridge's name: of the view where there is one, else
 * as far as libvirt tells.
 *
 * @throws {@link LibvirtError} code `BRIDGE_EXISTS`
 */
export async function assertBridgeFree({ connection, name, uuid, view }: Workplace, rest: Rest): Promise<void> {
  const { guard, transport } = connection;
  if (view === undefined && !(await guard.isNeeded(rest))) return;
  const xml = await transport.call('network.dump', { network: uuid, name, inactive: true }, rest());
  const { document } = Network.parse(xml);
  const subject = { operation: 'network.start', network: name, label: transport.label } as const;
  if (view === undefined) return guard.assertFree(document, subject, rest);
  const { devices } = await view.look(rest());
  guard.assertNone(document, devices, subject);
}
