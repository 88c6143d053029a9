import { NoConnection } from '../dial/errors.js';
import { SharedConnection } from '../dial/shared-connection.js';
import type { Address } from './address.js';
import type { SaslOptions, TlsOptions } from './credentials.js';
import { dial } from './dial.js';
import { openConnection, readsUpdatesInOrder } from './open.js';
import { Connection } from './wire/connection.js';

/** What connections of a transport are made with. */
export interface SessionSettings {
  readonly address: Address;
  readonly readOnly: boolean;
  readonly tls: TlsOptions;
  readonly sasl: SaslOptions | undefined;
  /** Longest time that opening a connection may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** The one connection of a transport. */
export class Session extends SharedConnection<Connection> {
  readonly #inOrder = new WeakMap<Connection, Promise<boolean>>();

  constructor(settings: SessionSettings, closed: AbortSignal) {
    super(() => open(settings, closed));
  }

  /** Tells whether the daemon reads the numbers of an update in their order; asked once for each connection. */
  readsUpdatesInOrder(link: Connection, signal: AbortSignal): Promise<boolean> {
    const known = this.#inOrder.get(link) ?? readsUpdatesInOrder(link, { signal });
    this.#inOrder.set(link, known);
    known.catch(() => this.#inOrder.delete(link));
    return known;
  }
}

async function open(settings: SessionSettings, closed: AbortSignal): Promise<Connection> {
  const late = AbortSignal.timeout(settings.timeoutMs);
  try {
    return await openUntil(settings, AbortSignal.any([closed, late]));
  } catch (error) {
    if (!late.aborted) throw error;
    throw new NoConnection(`the daemon did not answer within ${settings.timeoutMs} ms`, {
      code: 'CONNECTION_FAILED',
      cause: error,
    });
  }
}

async function openUntil(settings: SessionSettings, signal: AbortSignal): Promise<Connection> {
  const { address, readOnly, tls, sasl } = settings;
  const { stream, name, isPrivate } = await dial(address, tls, signal);
  const link = new Connection(stream);
  try {
    await openConnection(link, { name, readOnly, sasl, isPrivate }, { signal });
    return link;
  } catch (error) {
    link.destroy('the connection could not be opened');
    throw error;
  }
}
