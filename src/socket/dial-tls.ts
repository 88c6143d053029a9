import { once } from 'node:events';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { connected, event, type Place, wordsOf } from './connected.js';
import type { TlsOptions } from './credentials.js';
import { type Certificates, findCertificates } from './tls.js';
import { NoConnection } from './wire/errors.js';

/** A daemon that is reached over TLS. */
interface TlsPlace extends Place {
  /** False if the certificate of the daemon is not checked. */
  readonly verify: boolean;
  /** Folder of the client's certificates. */
  readonly pkiPath?: string | undefined;
}

/**
 * Connects over TLS. Each side shows a certificate, and the daemon says whether it takes that of the client.
 *
 * @param given - certificates that take precedence over those in libvirt's folders
 * @throws {@link NoConnection} with the reason
 */
export async function dialTls(place: TlsPlace, given: TlsOptions, signal: AbortSignal): Promise<TLSSocket> {
  const { serverName, ...files } = await findCertificates(given, place.pkiPath);
  const name = serverName ?? place.host;
  const socket = connect({
    ...{ host: place.host, port: place.port },
    secureContext: contextOf(files),
    // The protocol has no place for addresses; certificates have.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    rejectUnauthorized: place.verify,
  });
  socket.setNoDelay(true);
  const secured = event(socket, 'secureConnect', signal);
  secured.catch(() => {}); // it fails too where there is no connection
  await connected(socket, place, signal);
  await secured.catch((error: unknown) => {
    throw signal.aborted ? error : untrusted(error);
  });
  await welcomed(socket, signal);
  return socket;
}

function contextOf(files: Omit<Certificates, 'serverName'>): SecureContext {
  try {
    return createSecureContext(files);
  } catch (cause) {
    throw failed(`the certificates of this client cannot be read: ${wordsOf(cause)}`, cause);
  }
}

const untrusted = (cause: unknown): NoConnection =>
  failed(`Failed to verify peer's certificate: ${wordsOf(cause)}`, cause);

/** The daemon says with one byte that it takes the client's certificate; else it hangs up, with an alert or without. */
async function welcomed(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  const said = once(socket, 'readable', { signal });
  const hungUp = once(socket, 'close', { signal });
  try {
    await Promise.race([said, hungUp]);
    if (socket.read(1)?.[0] === 1) return;
  } catch (error) {
    if (signal.aborted) throw error;
  } finally {
    for (const one of [said, hungUp]) one.catch(() => {});
    if (signal.aborted) socket.destroy();
  }
  socket.destroy();
  throw failed('the daemon does not take the certificate of this client, or gets none');
}

const failed = (words: string, cause?: unknown): NoConnection =>
  new NoConnection(words, { code: 'CERTIFICATE_FAILED', cause });
