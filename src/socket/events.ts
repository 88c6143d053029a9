import { orAbort } from '../async/abort.js';
import { sleep } from '../async/sleep.js';
import { isAbsent } from '../transport/absent.js';
import { type EventQueue, gapAt } from '../transport/event-queue.js';
import type { Feed } from '../transport/event-stream.js';
import type { EventOptions, NetworkEvent } from '../transport/operations.js';
import type { Session } from './session.js';
import type { Connection } from './wire/connection.js';
import { Refusal } from './wire/errors.js';
import { CALLS, EVENTS } from './wire/procedures.js';

/** `virNetworkEventLifecycleType` of libvirt. */
const LIFECYCLE = ['defined', 'undefined', 'started', 'stopped'] as const;

/** `virNetworkEventID` of libvirt. */
const KINDS = { lifecycle: 0, metadata: 1 } as const;
type Kind = keyof typeof KINDS;

type Hear = (kind: Kind, event: NetworkEvent) => void;

/** Passes the events of one connection on to everybody who listens; each kind is asked for once. */
class Hub {
  readonly #link: Connection;
  readonly #listeners = new Set<Hear>();
  readonly #registered = new Map<Kind, Promise<unknown>>();

  constructor(link: Connection) {
    this.#link = link;
    link.on(EVENTS.NETWORK_EVENT_LIFECYCLE, ({ net, event }) => {
      const type = LIFECYCLE[event];
      const at = new Date();
      // An event that nobody knows must not get lost.
      this.#tell('lifecycle', type === undefined ? gapAt(at) : { type, network: net.name, at });
    });
    link.on(EVENTS.NETWORK_EVENT_CALLBACK_METADATA_CHANGE, ({ net }) => {
      this.#tell('metadata', { type: 'metadata-changed', network: net.name, at: new Date() });
    });
  }

  /** Has the daemon tell about a kind. */
  async register(kind: Kind): Promise<void> {
    const args = { eventID: KINDS[kind], net: undefined };
    const known = this.#registered.get(kind) ?? this.#link.call(CALLS.CONNECT_NETWORK_EVENT_REGISTER_ANY, args);
    this.#registered.set(kind, known);
    await known;
  }

  join(hear: Hear): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  #tell(kind: Kind, event: NetworkEvent): void {
    for (const hear of this.#listeners) hear(kind, event);
  }
}

const hubs = new WeakMap<Connection, Hub>();

function hubOf(link: Connection): Hub {
  const hub = hubs.get(link) ?? new Hub(link);
  hubs.set(link, hub);
  return hub;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/**
 * The events of a daemon, on the connection that calls use too.
 *
 * @param failure - makes the library's error of what was thrown
 */
export const feedOf =
  (session: Session, options: EventOptions, failure: (error: unknown) => unknown): Feed =>
  async (queue, signal) => {
    let ms = FIRST_PAUSE_MS;
    let wasAlive = false;
    let isLater = false;
    while (!signal.aborted) {
      const onListening = () => {
        if (isLater) queue.push(gapAt(new Date()));
        wasAlive = true;
        ms = FIRST_PAUSE_MS;
        if (options.onListening !== undefined) queueMicrotask(options.onListening);
      };
      const lost = await listen(session, options, { queue, signal, onListening });
      if (signal.aborted) return;
      const error = failure(lost);
      const mayComeBack = isAbsent(error) || (wasAlive && !(lost instanceof Refusal));
      if (options.reconnect !== true || !mayComeBack) throw error;
      isLater = true;
      await sleep(ms, signal).catch(() => {}); // an abort ends the loop
      ms = Math.min(2 * ms, LONGEST_PAUSE_MS);
    }
  };

interface Listening {
  readonly queue: EventQueue;
  readonly signal: AbortSignal;
  readonly onListening: () => void;
}

/** Listens until the connection is lost. @returns how it was lost, or why it could not be made */
async function listen(
  session: Session,
  options: EventOptions,
  { queue, signal, onListening }: Listening,
): Promise<unknown> {
  try {
    return await session.use(signal, async (link) => {
      const hub = hubOf(link);
      const leave = hub.join((kind, event) => {
        if (kind === 'lifecycle' || options.metadata === true) queue.push(event);
      });
      try {
        await hub.register('lifecycle');
        if (options.metadata === true) await hub.register('metadata');
        onListening();
        return await orAbort(link.ended, signal);
      } finally {
        leave();
      }
    });
  } catch (error) {
    return error;
  }
}
