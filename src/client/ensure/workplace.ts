import type { Rest } from '../../async/deadline.js';
import { Network } from '../../model/network.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { withLoss } from '../bridge-guard.js';
import type { Connection } from '../network-ref.js';
import { assertSize } from '../plan/preserve-identity.js';
import { parseDump } from '../state/definition.js';
import type { HostView } from '../state/host-view.js';
import type { Situation } from '../state/observed-state.js';
import type { Attachments } from './guest-links.js';

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
  /** Whether the network may be taken from its guests for a moment. */
  readonly mayRestart: boolean;
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
  await assertBridgeFree(place, undefined, rest);
  await startNow(place, rest);
}

/** The same where it is known that it does not. */
export async function startNow({ connection, name, uuid }: Workplace, rest: Rest): Promise<void> {
  const { transport, guard } = connection;
  await transport.call('network.start', { network: uuid, name }, rest()).catch(async (error: unknown) => {
    throw (await guard.isNeeded(rest)) ? withLoss(error) : error;
  });
}

/** The definition that the next start takes. */
export async function storedOf({ connection, name, uuid }: Workplace, rest: Rest): Promise<NetworkDocument> {
  const xml = await connection.transport.call('network.dump', { network: uuid, name, inactive: true }, rest());
  return parseDump(xml).document;
}

/**
 * Refuses to start what is stored when the host has a device of the bridge's name: of the view where there is one, else
 * as far as libvirt tells.
 *
 * @param known - what is stored, where that has been read
 * @throws {@link LibvirtError} code `BRIDGE_EXISTS`
 */
export async function assertBridgeFree(
  place: Workplace,
  known: NetworkDocument | undefined,
  rest: Rest,
): Promise<void> {
  const { connection, name, view } = place;
  const { guard, transport } = connection;
  if (view === undefined && !(await guard.isNeeded(rest))) return;
  const document = known ?? (await storedOf(place, rest));
  const subject = { operation: 'network.start', network: name, label: transport.label } as const;
  if (view === undefined) return guard.assertFree(document, subject, rest);
  const { devices } = await view.look(rest());
  guard.assertNone(document, devices, subject);
}
