import { connect as connectSocket } from 'node:net';
import type { Address, SocketPlace } from './address.js';
import { connected, event } from './connected.js';
import { dialTls } from './dial-tls.js';
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
        stream: await connected(connectSocket({ host: way.host, port: way.port, noDelay: true }), way, signal),
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
      await event(socket, 'connect', signal);
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
