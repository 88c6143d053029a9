import { NoConnection } from '../dial/errors.js';
import type { SaslOptions } from './credentials.js';
import { type Login, loginFor } from './sasl.js';
import type { CallLimits, Connection } from './wire/connection.js';
import { Refusal } from './wire/errors.js';
import { CALLS } from './wire/procedures.js';

/** libvirt's number for an account that is refused. */
const AUTH_FAILED = 45;

/** What a login needs. */
export interface Account {
  readonly sasl: SaslOptions | undefined;
  /** True if nobody else can read along. */
  readonly isPrivate: boolean;
}

/** Logs in with an account that the daemon knows. */
export async function logIn(link: Connection, { sasl, isPrivate }: Account, limits: CallLimits): Promise<void> {
  const { mechlist } = await link.call(CALLS.AUTH_SASL_INIT, undefined, limits);
  const login = sasl === undefined ? undefined : loginFor(mechlist, sasl, isPrivate);
  if (login === undefined) throw sasl === undefined ? accountMissing(mechlist) : mechanismMissing(mechlist);
  try {
    await converse(link, login, limits);
  } catch (error) {
    // The daemon says so in its own language.
    throw error instanceof Refusal && error.number === AUTH_FAILED
      ? new Refusal(error.number, error.message, { code: 'LOGIN_FAILED', cause: error })
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
