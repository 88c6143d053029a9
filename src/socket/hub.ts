import { orAbort } from '../async/abort.js';
import type { LibvirtError } from '../errors/index.js';
import type { StreamEvent } from '../transport/event-queue.js';
import type { FeedOf } from '../transport/event-stream.js';
import { type ReconnectOptions, type Round, reconnecting } from '../transport/reconnect.js';
import type { Session } from './session.js';
import type { Connection } from './wire/connection.js';

/** Passes the events of one connection on to everybody who listens; each kind is asked for once. */
export class Hub<Kind extends string, E extends StreamEvent> {
  readonly #ask: (kind: Kind) => Promise<unknown>;
  readonly #listeners = new Set<(kind: Kind, event: E) => void>();
  readonly #registered = new Map<Kind, Promise<unknown>>();

  /** @param ask - has the daemon tell about a kind */
  constructor(ask: (kind: Kind) => Promise<unknown>) {
    this.#ask = ask;
  }

  /** Has the daemon tell about a kind, unless it does already. */
  async register(kind: Kind): Promise<void> {
    const known = this.#registered.get(kind) ?? this.#ask(kind);
    this.#registered.set(kind, known);
    await known;
  }

  join(hear: (kind: Kind, event: E) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  tell(kind: Kind, event: E): void {
    for (const hear of this.#listeners) hear(kind, event);
  }
}

/** Keeps one hub for each connection. */
export function hubs<H>(make: (link: Connection) => H): (link: Connection) => H {
  const known = new WeakMap<Connection, H>();
  return (link) => {
    const hub = known.get(link) ?? make(link);
    known.set(link, hub);
    return hub;
  };
}

/** Makes the library's error of what was thrown. */
export type Failure = (error: unknown) => Promise<LibvirtError>;

/** What a reader wants of the hub of a connection. */
export interface Wanted<Kind extends string, E extends StreamEvent> {
  readonly hubOf: (link: Connection) => Hub<Kind, E>;
  readonly failure: Failure;
  readonly wants: (kind: Kind) => boolean;
  /** Has the daemon tell about every kind that is wanted. */
  readonly register: (hub: Hub<Kind, E>, link: Connection, signal: AbortSignal) => Promise<void>;
}

/** The events of the hub of one connection after the other. */
export const feedFrom = <Kind extends string, E extends StreamEvent>(
  session: Session,
  options: ReconnectOptions,
  wanted: Wanted<Kind, E>,
): FeedOf<E> =>
  reconnecting<E>(options, async (round, signal) => wanted.failure(await listen(session, wanted, { round, signal })));

interface Listening<E extends StreamEvent> {
  readonly round: Round<E>;
  readonly signal: AbortSignal;
}

/** Listens until the connection is lost. @returns how it was lost, or why it could not be made */
async function listen<Kind extends string, E extends StreamEvent>(
  session: Session,
  { hubOf, wants, register }: Wanted<Kind, E>,
  { round, signal }: Listening<E>,
): Promise<unknown> {
  try {
    return await session.use(signal, async (link) => {
      const hub = hubOf(link);
      const leave = hub.join((kind, event) => {
        if (wants(kind)) round.hear(event);
      });
      try {
        await register(hub, link, signal);
        round.listening();
        return await orAbort(link.ended, signal);
      } finally {
        leave();
      }
    });
  } catch (error) {
    return error;
  }
}
