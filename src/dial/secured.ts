import { isIP } from 'node:net';
import { checkServerIdentity, connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { connected, event, type Place, wordsOf } from './connected.js';
import { NoConnection } from './errors.js';

/** What a TLS connection is made with. */
export interface Certificates {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

/** A server that is reached over TLS. */
export interface SecurePlace extends Place {
  /** Name that the certificate of the server must have; absent to accept any name that an authority has signed. */
  readonly name?: string | undefined;
  /** False if the certificate of the server is not checked. */
  readonly verify: boolean;
}

/**
 * Connects over TLS, and checks the certificate of the server. Whether the server takes that of the client shows later.
 *
 * @throws {@link NoConnection} with the reason
 */
export async function secured(place: SecurePlace, files: Certificates, signal: AbortSignal): Promise<TLSSocket> {
  const { host, port, name, verify } = place;
  const socket = connect({
    ...{ host, port },
    secureContext: contextOf(files),
    // The protocol has no place for addresses; certificates have.
    ...(name !== undefined && isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_, certificate) => (name === undefined ? undefined : checkServerIdentity(name, certificate)),
    rejectUnauthorized: verify,
  });
  socket.setNoDelay(true);
  const done = event(socket, 'secureConnect', signal);
  done.catch(() => {}); // it fails too where there is no connection
  await connected(socket, place, signal);
  await done.catch((error: unknown) => {
    throw signal.aborted ? error : untrusted(error);
  });
  return socket;
}

function contextOf(files: Certificates): SecureContext {
  try {
    return createSecureContext(files);
  } catch (cause) {
    throw certificateFailed(`the certificates of this client cannot be read: ${wordsOf(cause)}`, cause);
  }
}

const untrusted = (cause: unknown): NoConnection =>
  certificateFailed(`Failed to verify peer's certificate: ${wordsOf(cause)}`, cause);

/** The error of a TLS connection that one side refuses. */
export const certificateFailed = (words: string, cause?: unknown): NoConnection =>
  new NoConnection(words, { code: 'CERTIFICATE_FAILED', cause });
