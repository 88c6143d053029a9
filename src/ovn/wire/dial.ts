import { connect } from 'node:net';
import { codeOf, connected, event, wordsOf } from '../../dial/connected.js';
import { NoConnection } from '../../dial/errors.js';
import type { Certificates } from '../../dial/secured.js';
import type { Stream } from '../../dial/stream.js';
import type { ErrorCode } from '../../errors/index.js';
import type { Endpoint, InMemory } from './endpoints.js';

/** What TLS connections are made with. */
export interface Tls extends Certificates {
  /** Name that the certificate of each server must have; absent to accept any that the authority has signed. */
  readonly serverName?: string;
}

/**
 * Opens the way to a server. What TLS needs loads with the first connection of that kind.
 *
 * @throws {@link NoConnection}
 */
export async function dial(endpoint: Endpoint, tls: Tls, signal: AbortSignal): Promise<Stream> {
  switch (endpoint.by) {
    case 'memory':
      return dialMemory(endpoint.server);
    case 'unix':
      return dialUnix(endpoint.path, signal);
    case 'tcp':
      return connected(connect({ host: endpoint.host, port: endpoint.port, noDelay: true }), endpoint, signal);
    case 'ssl': {
      const { secured } = await import('../../dial/secured.js');
      const { serverName, ...files } = tls;
      // Certificates of ovs-pki have no host names.
      const place = { host: endpoint.host, port: endpoint.port, name: serverName, verify: true };
      return secured(place, files, signal);
    }
  }
}

function dialMemory(server: InMemory): Stream {
  const stream = server.connect();
  if (stream === undefined) throw new NoConnection('it is stopped', { code: 'CONNECTION_FAILED' });
  return stream;
}

async function dialUnix(path: string, signal: AbortSignal): Promise<Stream> {
  const socket = connect({ path });
  try {
    await event(socket, 'connect', signal);
    return socket;
  } catch (cause) {
    signal.throwIfAborted();
    throw new NoConnection(wordsOf(cause), { code: CODES[codeOf(cause)] ?? 'CONNECTION_FAILED', cause });
  }
}

const CODES: Readonly<Record<string, ErrorCode>> = { ENOENT: 'SOCKET_MISSING', EACCES: 'ACCESS_DENIED' };
