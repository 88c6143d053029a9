import { connect as connectSocket } from 'node:net';
import { codeOf, connected, event, wordsOf } from '../dial/connected.js';
import { NoConnection } from '../dial/errors.js';
import type { Stream } from '../dial/stream.js';
import type { Address, SocketPlace } from './address.js';
import type { TlsOptions } from './credentials.js';

/** A stream to a daemon, and the URI that this daemon is given. */
export interface Line {
  readonly stream: Stream;
  readonly name: string;
  /** True if nobody else can read along. */
  readonly isPrivate: boolean;
}

/**
 * Opens the way to a daemon. What TLS and programs need loads with the first connection of that kind.
 *
 * @throws {@link NoConnection} with the words of libvirt's own client, as far as it has some
 */
export async function dial(address: Address, tls: TlsOptions, signal: AbortSignal): Promise<Line> {
  const { way, name } = address;
  switch (way.by) {
    case 'unix':
      return dialUnix(way.sockets, signal);
    case 'tcp':
      return {
        stream: await connected(connectSocket({ host: way.host, port: way.port, noDelay: true }), way, signal),
        name,
        isPrivate: false,
      };
    case 'tls': {
      const { dialTls } = await import('./dial-tls.js');
      return { stream: await dialTls({ ...way, ...address }, tls, signal), name, isPrivate: true };
    }
    case 'command': {
      const { startTunnel } = await import('./tunnel.js');
      return { stream: await startTunnel(way.command, signal), name, isPrivate: true };
    }
  }
}

/** A socket where nobody answers, and why. */
interface DeadSocket {
  readonly path: string;
  readonly error: unknown;
}

/** A daemon that has crashed leaves its socket, and one may be closed to this user where another one is open. */
async function dialUnix(sockets: readonly SocketPlace[], signal: AbortSignal): Promise<Line> {
  const dead: DeadSocket[] = [];
  for (const { path, name } of sockets) {
    const socket = connectSocket({ path });
    try {
      await event(socket, 'connect', signal);
      return { stream: socket, name, isPrivate: true };
    } catch (error) {
      signal.throwIfAborted();
      dead.push({ path, error });
    }
  }
  throw noneAnswers(dead);
}

/** libvirt's words, so that all transports give the same code. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ECONNREFUSED: 'Connection refused',
};

function noneAnswers(dead: readonly DeadSocket[]): NoConnection {
  const all = dead.map(({ path, error }) => `'${path}': ${WORDS[codeOf(error)] ?? wordsOf(error)}`);
  const codes = new Set(dead.map(({ error }) => codeOf(error)));
  return new NoConnection(`Failed to connect socket to ${all.join(', to ')}`, {
    code: codes.has('EACCES') ? 'ACCESS_DENIED' : isAllMissing(codes) ? 'SOCKET_MISSING' : 'CONNECTION_FAILED',
    cause: dead.at(-1)?.error,
  });
}

const isAllMissing = (codes: ReadonlySet<string>): boolean => codes.size === 1 && codes.has('ENOENT');
