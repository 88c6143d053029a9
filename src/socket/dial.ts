import { once } from 'node:events';
import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import type { Address, SocketPlace, Way } from './address.js';
import type { Certificates } from './tls.js';
import { startTunnel } from './tunnel.js';
import type { Stream } from './wire/connection.js';
import { NoConnection } from './wire/errors.js';

/** A stream to a daemon, and the URI that this daemon is given. */
export interface Line {
  readonly stream: Stream;
  readonly name: string;
  /** True if nobody else can read along. */
  readonly isPrivate: boolean;
}

/**
 * Opens the way to a daemon.
 *
 * @throws {@link NoConnection} with the words of libvirt's own client, as far as it has some
 */
export async function dial(
  { way, name, verify }: Address,
  certificates: Certificates,
  signal: AbortSignal,
): Promise<Line> {
  switch (way.by) {
    case 'unix':
      return dialUnix(way.sockets, signal);
    case 'tcp':
      return {
        stream: await opened(connectSocket({ host: way.host, port: way.port, noDelay: true }), way, signal),
        name,
        isPrivate: false,
      };
    case 'tls':
      return { stream: await dialTls(way, certificates, verify, signal), name, isPrivate: true };
    case 'command':
      return { stream: await startTunnel(way.command, signal), name, isPrivate: true };
  }
}

const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';
const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

async function dialUnix(sockets: readonly SocketPlace[], signal: AbortSignal): Promise<Line> {
  for (const { path, name } of sockets) {
    const socket = connectSocket({ path });
    try {
      await connected(socket, 'connect', signal);
      return { stream: socket, name, isPrivate: true };
    } catch (error) {
      const isLast = path === sockets.at(-1)?.path;
      if (isLast || !isMissing(error)) throw refused(path, error);
    }
  }
  throw new NoConnection('no socket was given');
}

/** libvirt's words, so that all transports give the same code. */
function refused(path: string, error: unknown): Error {
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'No such file or directory',
    EACCES: 'Permission denied',
    ECONNREFUSED: 'Connection refused',
  };
  const why = words[codeOf(error) ?? ''];
  if (why === undefined) return error instanceof Error ? error : new NoConnection(String(error));
  return new NoConnection(`Failed to connect socket to '${path}': ${why}`, { cause: error });
}

async function opened<S extends Socket>(
  socket: S,
  way: Extract<Way, { by: 'tcp' | 'tls' }>,
  signal: AbortSignal,
): Promise<S> {
  try {
    await connected(socket, way.by === 'tls' ? 'secureConnect' : 'connect', signal);
    return socket;
  } catch (error) {
    if (signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new NoConnection(`unable to connect to server at '${way.host}:${way.port}': ${why}`, { cause: error });
  }
}

/** Waits for an event of a socket; a socket that fails first is destroyed. */
async function connected(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  try {
    await once(socket, event, { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function dialTls(
  way: Extract<Way, { by: 'tls' | 'tcp' }>,
  { ca, cert, key, serverName }: Certificates,
  verify: boolean,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const name = serverName ?? way.host;
  const socket = connectTls({
    host: way.host,
    port: way.port,
    // The protocol has no place for addresses; certificates have.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  socket.setNoDelay(true);
  await opened(socket, way, signal);
  await welcomed(socket, signal);
  return socket;
}

/** The daemon says with one byte that it takes the client's certificate; else it hangs up. */
async function welcomed(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  const hungUp = once(socket, 'close', { signal }).then(() => 'close');
  hungUp.catch(() => {});
  const what = await Promise.race([once(socket, 'readable', { signal }), hungUp]).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
  const byte: unknown = what === 'close' ? undefined : socket.read(1)?.[0];
  if (byte === 1) return;
  socket.destroy();
  throw new NoConnection('authentication failed: the daemon does not take the certificate of this client');
}
