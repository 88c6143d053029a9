import type { SaslOptions } from './sasl.js';
import { type Login, loginFor } from './sasl.js';
import type { CallLimits, Connection } from './wire/connection.js';
import { NoConnection, Refusal } from './wire/errors.js';
import { CALLS } from './wire/procedures.js';

/** How a daemon asks who is there. Source: `remote_auth_type` of libvirt's protocol. */
const AUTH = { none: 0, sasl: 1, polkit: 2 } as const;

/** Numbers of features that a daemon can be asked for. Source: `VIR_DRV_FEATURE` of libvirt. */
const FEATURES = { keepalive: 10, updateInOrder: 16 } as const;

/** libvirt's number for an account that is refused. */
const AUTH_FAILED = 45;

/** What a connection is opened with. */
export interface Opening {
  /** The URI that the daemon is given. */
  readonly name: string;
  readonly readOnly: boolean;
  readonly sasl: SaslOptions | undefined;
  /** True if nobody else can read along. */
  readonly isPrivate: boolean;
}

/** Logs in and opens the connection, in the order that daemons expect. */
export async function openConnection(link: Connection, opening: Opening, limits: CallLimits): Promise<void> {
  const { types } = await link.call(CALLS.AUTH_LIST, undefined, limits);
  if (types[0] === AUTH.polkit) await link.call(CALLS.AUTH_POLKIT, undefined, limits);
  if (types[0] === AUTH.sasl) await logIn(link, opening, limits);
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

async function logIn(link: Connection, { sasl, isPrivate }: Opening, limits: CallLimits): Promise<void> {
  const { mechlist } = await link.call(CALLS.AUTH_SASL_INIT, undefined, limits);
  const login = sasl === undefined ? undefined : loginFor(mechlist, sasl, isPrivate);
  if (login === undefined) throw sasl === undefined ? accountMissing(mechlist) : mechanismMissing(mechlist);
  try {
    await converse(link, login, limits);
  } catch (error) {
    // The daemon says so in its own language.
    throw error instanceof Refusal && error.number === AUTH_FAILED
      ? new Refusal(error.number, error.message, 'LOGIN_FAILED')
      : error;
  }
}

async function converse(link: Connection, login: Login, limits: CallLimits): Promise<void> {
  const { mechanism: mech, first: data } = login;
  let { complete, data: challenge } = await link.call(CALLS.AUTH_SASL_START, { mech, nil: 0, data }, limits);
  while (complete !== 1) {
    const answer = login.next(challenge);
    ({ complete, data: challenge } = await link.call(CALLS.AUTH_SASL_STEP, { nil: 0, data: answer }, limits));
  }
  login.finish(challenge);
}

const accountMissing = (offered: string): NoConnection =>
  new NoConnection(`the daemon asks for a user and a password (${offered})`, { code: 'LOGIN_FAILED' });

const mechanismMissing = (offered: string): NoConnection =>
  /\bPLAIN\b/.test(offered)
    ? new NoConnection(`the daemon offers ${offered}, by which everybody on the way could read the password`, {
        code: 'UNSUPPORTED',
        hint: 'connect over TLS or ssh, or have the daemon offer scram-sha-256',
      })
    : new NoConnection(`the daemon offers ${offered}, of which this transport speaks none`, {
        code: 'UNSUPPORTED',
        hint: 'use virsh() of libvirt-network/virsh for it, or have the daemon offer scram-sha-256',
      });
