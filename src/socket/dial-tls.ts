import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import type { Place } from '../dial/connected.js';
import { certificateFailed, secured } from '../dial/secured.js';
import type { TlsOptions } from './credentials.js';
import { findCertificates } from './tls.js';

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
  const { host, port, verify } = place;
  const { serverName, ...files } = await findCertificates(given, place.pkiPath);
  const socket = await secured({ host, port, verify, name: serverName ?? host }, files, signal);
  await welcomed(socket, signal);
  return socket;
}

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
  throw certificateFailed('the daemon does not take the certificate of this client, or gets none');
}
