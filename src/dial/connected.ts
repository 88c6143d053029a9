import { once } from 'node:events';
import type { Socket } from 'node:net';
import { NoConnection } from './errors.js';

/** A host and a port of it. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Waits for an event of a socket; a socket that fails first is destroyed. */
export async function event(socket: Socket, name: string, signal: AbortSignal): Promise<void> {
  try {
    await once(socket, name, { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/**
 * Waits until a socket is connected.
 *
 * @throws {@link NoConnection} with the words of libvirt's own client, from which the code of the error comes
 */
export async function connected<S extends Socket>(socket: S, place: Place, signal: AbortSignal): Promise<S> {
  try {
    await event(socket, 'connect', signal);
    return socket;
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new NoConnection(`unable to connect to server at '${place.host}:${place.port}': ${wordsOf(cause)}`, {
      cause,
    });
  }
}

/** The message of an error; where several addresses were tried, each has its own. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}

/** The code of Node's error, such as `ECONNREFUSED`; empty where there is none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
