import { orAbort } from '../async/abort.js';
import type { LibvirtError } from '../errors/index.js';
import { releaseNumber } from '../schema/release.js';
import { gapAt } from '../transport/event-queue.js';
import type { Feed } from '../transport/event-stream.js';
import { METADATA_EVENTS } from '../transport/min-releases.js';
import type { EventOptions, NetworkEvent } from '../transport/operations.js';
import { type Round, reconnecting } from '../transport/reconnect.js';
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

/**
 * The events of a daemon, on the connection that calls use too.
 *
 * @param failure - makes the library's error of what was thrown
 */
export const feedOf = (
  session: Session,
  options: EventOptions,
  failure: (error: unknown) => Promise<LibvirtError>,
): Feed => reconnecting(options, async (round, signal) => failure(await listen(session, options, { round, signal })));

interface Listening {
  readonly round: Round;
  readonly signal: AbortSignal;
}

/** Listens until the connection is lost. @returns how it was lost, or why it could not be made */
async function listen(
  session: Session,
  { metadata = false }: EventOptions,
  { round, signal }: Listening,
): Promise<unknown> {
  try {
    return await session.use(signal, async (link) => {
      const hub = hubOf(link);
      const leave = hub.join((kind, event) => {
        if (kind === 'lifecycle' || metadata) round.hear(event);
      });
      try {
        await orAbort(hub.register('lifecycle'), signal);
        if (metadata) await registerMetadata(hub, link, signal);
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

/** Daemons before 9.8 refuse it, in their own language. */
async function registerMetadata(hub: Hub, link: Connection, signal: AbortSignal): Promise<void> {
  try {
    await orAbort(hub.register('metadata'), signal);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { lib_ver: version } = await link.call(CALLS.CONNECT_GET_LIB_VERSION, undefined, { signal });
    const isTooOld = Number(version) < (releaseNumber(METADATA_EVENTS) ?? 0);
    throw isTooOld ? new Refusal(error.number, error.message, { code: 'UNSUPPORTED', cause: error }) : error;
  }
}
