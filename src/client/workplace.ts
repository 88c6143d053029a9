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
export async function start({ connection, name, uuid }: Workplace, rest: Rest): Promise<void> {
  const { guard, transport } = connection;
  const self = { network: uuid, name };
  const isNeeded = await guard.isNeeded(rest);
  if (isNeeded) {
    const { document } = Network.parse(await transport.call('network.dump', { ...self, inactive: true }, rest()));
    await guard.assertFree(document, { operation: 'network.start', network: name, label: transport.label }, rest);
  }
  await transport.call('network.start', self, rest()).catch((error: unknown) => {
    throw isNeeded ? withLoss(error) : error;
  });
}
