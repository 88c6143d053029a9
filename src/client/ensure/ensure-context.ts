import type { RemainingTime } from '../../async/deadline.js';
import { Network } from '../../model/network.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { GuardedStart } from '../bridge-guard.js';
import type { Connection } from '../network-ref.js';
import { assertSize } from '../plan/preserve-identity.js';
import { parseDump } from '../state/definition.js';
import type { HostView } from '../state/host-view.js';
import type { ObservedState } from '../state/observed-state.js';
import type { GuestLinks } from './guest-links.js';

/** A NIC of a guest on another network than its own. */
export interface AwayNic {
  /** Whose it is and where, in words. */
  readonly what: string;
  /** The NIC as it was on its network. */
  readonly xml: string;
}

/** A network while `ensure` changes it. */
export interface EnsureContext {
  readonly connection: Connection;
  readonly name: string;
  /** Its uuid. A new network gets one before it is defined, so that it cannot be confused with somebody else's. */
  readonly uuid: string;
  /** State before the first step. */
  readonly before: ObservedState;
  /** The guests' ports and devices, where they will lose the network. */
  readonly links: GuestLinks;
  /** True if guests may lose the network for a moment. */
  readonly mayRestart: boolean;
  /** MAC addresses of NICs that libvirt itself has put back after a restart. */
  readonly replugged: Set<string>;
  /** NICs that a restart has moved to another network and not put back yet. */
  readonly away: Map<string, AwayNic>;
  readonly libvirt: string;
  readonly view?: HostView | undefined;
}

/** The definition as it is stored, with the network's own uuid. */
export function definitionXml({ name, uuid, libvirt }: EnsureContext, document: NetworkDocument): string {
  const xml = Network.from({ ...document, uuid }).toXml({ libvirt, check: false });
  assertSize(name, xml);
  return xml;
}

/** The definition that the next start uses. */
export async function readStored(
  { connection, name, uuid }: EnsureContext,
  remaining: RemainingTime,
): Promise<NetworkDocument> {
  const xml = await connection.transport.call('network.dump', { network: uuid, name, inactive: true }, remaining());
  return parseDump(xml).document;
}

/** The start of the stored definition, as the guard checks it. */
export const guardedStart = (
  context: EnsureContext,
  remaining: RemainingTime,
  definition: () => Promise<NetworkDocument> = () => readStored(context, remaining),
): GuardedStart => ({
  subject: { operation: 'network.start', network: context.name, label: context.connection.transport.label },
  definition,
  view: context.view,
});
