import type { Account } from './log-in.js';
import type { CallLimits, Connection } from './wire/connection.js';
import { Refusal } from './wire/errors.js';
import { CALLS } from './wire/procedures.js';

/** How a daemon asks who is there. Source: `remote_auth_type` of libvirt's protocol. */
const AUTH = { none: 0, sasl: 1, polkit: 2 } as const;

/** Numbers of features that a daemon can be asked for. Source: `VIR_DRV_FEATURE` of libvirt. */
const FEATURES = { keepalive: 10, updateInOrder: 16 } as const;

/** What a connection is opened with. */
export interface Opening extends Account {
  /** The URI that the daemon is given. */
  readonly name: string;
  readonly readOnly: boolean;
}

/** Logs in and opens the connection, in the order that daemons expect. */
export async function openConnection(link: Connection, opening: Opening, limits: CallLimits): Promise<void> {
  const { types } = await link.call(CALLS.AUTH_LIST, undefined, limits);
  if (types[0] === AUTH.polkit) await link.call(CALLS.AUTH_POLKIT, undefined, limits);
  if (types[0] === AUTH.sasl) {
    const { logIn } = await import('./log-in.js');
    await logIn(link, opening, limits);
  }
  // From now on the daemon looks after the connection; it does so only if asked before the opening.
  await hasFeature(link, FEATURES.keepalive, limits);
  await link.call(CALLS.CONNECT_OPEN, { name: opening.name, flags: opening.readOnly ? 1 : 0 }, limits);
}

/** Tells whether a daemon reads the two numbers of `network.update` in the right order: those before 7.2 swap them. */
export const readsUpdatesInOrder = (link: Connection, limits: CallLimits): Promise<boolean> =>
  hasFeature(link, FEATURES.updateInOrder, limits);

/** A daemon that does not know a feature may refuse the question. */
async function hasFeature(link: Connection, feature: number, limits: CallLimits): Promise<boolean> {
  try {
    return (await link.call(CALLS.CONNECT_SUPPORTS_FEATURE, { feature }, limits)).supported === 1;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
