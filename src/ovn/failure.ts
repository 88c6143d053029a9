import { Lost, NoConnection } from '../dial/errors.js';
import { type ErrorCode, LibvirtError, redact, TransportError } from '../errors/index.js';
import type { Task } from '../transport/with-deadline.js';
import { OvsdbError } from './ovsdb-error.js';
import { Refused } from './wire/refused.js';

const HINTS: { readonly [K in ErrorCode]?: string } = {
  SOCKET_MISSING: 'start ovsdb-server, or check the path: OVN has /var/run/ovn/ovnnb_db.sock',
  ACCESS_DENIED: 'run as the user of the database, or connect over TLS',
  CERTIFICATE_FAILED:
    'check the certificates with openssl verify; the server needs one of this client signed by its authority',
  CONNECTION_FAILED: 'check that ovsdb-server runs and listens there; OVN uses port 6641 for its northbound database',
  NOT_FOUND: 'check the name of the database with ovsdb-client list-dbs',
  DATABASE_CHANGED: 'read the rows again, and try again',
  DATABASE_REFUSED: 'the words of the server are at the end of the message',
};

/** Makes the library's error of what a connection has thrown. */
export function failureOf(error: unknown, task: Task, wasSent: boolean): LibvirtError {
  if (LibvirtError.is(error)) return error;
  const about = { operation: task.operation, mayHaveChanged: wasSent && task.changes };
  if (error instanceof Refused) return refusal(error, task);
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof NoConnection || error instanceof Lost) {
    const code = ('code' in error ? error.code : undefined) ?? 'CONNECTION_FAILED';
    return new TransportError(code, `${task.failure}: ${words}`, { ...about, hint: HINTS[code], cause: error });
  }
  return new TransportError('UNEXPECTED_REPLY', `${task.failure}: the answer cannot be understood: ${words}`, {
    hint: 'read the state before trying again; if it happens again, report it with this message',
    ...about,
    cause: error,
  });
}

function refusal({ message, kind, index }: Refused, task: Task): OvsdbError {
  const code = kind === 'timed out' ? 'DATABASE_CHANGED' : 'DATABASE_REFUSED';
  const place = index === undefined ? '' : ` at operation ${index}`;
  const details = { kind, index, hint: HINTS[code], operation: task.operation };
  return new OvsdbError(code, `${task.failure}: refused${place}: ${redact(message)}`, details);
}

/** Adds to the error of a call that took too long why it had no connection. */
export function withObstacle(error: unknown, obstacle: string | undefined): unknown {
  if (!(error instanceof TransportError) || error.code !== 'TIMEOUT' || obstacle === undefined) return error;
  const { message, hint, operation, cause } = error;
  return new TransportError('TIMEOUT', `${message}: ${obstacle}`, { hint, operation, cause });
}
