import { orAbort } from '../async/abort.js';
import { releaseNumber } from '../schema/release.js';
import { gapAt } from '../transport/event-queue.js';
import type { Feed } from '../transport/event-stream.js';
import { METADATA_EVENTS } from '../transport/min-releases.js';
import type { EventOptions, NetworkEvent } from '../transport/operations.js';
import { type Failure, feedFrom, Hub, hubs } from './hub.js';
import type { Session } from './session.js';
import type { Connection } from './wire/connection.js';
import { Refusal } from './wire/errors.js';
import { CALLS, EVENTS } from './wire/procedures.js';

/** `virNetworkEventLifecycleType` of libvirt. */
const LIFECYCLE = ['defined', 'undefined', 'started', 'stopped'] as const;

/** `virNetworkEventID` of libvirt. */
const KINDS = { lifecycle: 0, metadata: 1 } as const;
type Kind = keyof typeof KINDS;

type NetworkHub = Hub<Kind, NetworkEvent>;

const hubOf = hubs((link): NetworkHub => {
  const hub = new Hub<Kind, NetworkEvent>((kind) =>
    link.call(CALLS.CONNECT_NETWORK_EVENT_REGISTER_ANY, { eventID: KINDS[kind], net: undefined }),
  );
  link.on(EVENTS.NETWORK_EVENT_LIFECYCLE, ({ net, event }) => {
    const type = LIFECYCLE[event];
    const at = new Date();
    // An event that nobody knows must not get lost.
    hub.tell('lifecycle', type === undefined ? gapAt(at) : { type, network: net.name, at });
  });
  link.on(EVENTS.NETWORK_EVENT_CALLBACK_METADATA_CHANGE, ({ net }) => {
    hub.tell('metadata', { type: 'metadata-changed', network: net.name, at: new Date() });
  });
  return hub;
});

/**
 * The events of a daemon, on the connection that calls use too.
 *
 * @param failure - makes the library's error of what was thrown
 */
export const feedOf = (session: Session, options: EventOptions, failure: Failure): Feed => {
  const { metadata = false } = options;
  return feedFrom<Kind, NetworkEvent>(session, options, {
    hubOf,
    failure,
    wants: (kind) => kind === 'lifecycle' || metadata,
    register: async (hub, link, signal) => {
      await orAbort(hub.register('lifecycle'), signal);
      if (metadata) await registerMetadata(hub, link, signal);
    },
  });
};

/** Daemons before 9.8 refuse it, in their own language. */
async function registerMetadata(hub: NetworkHub, link: Connection, signal: AbortSignal): Promise<void> {
  try {
    await orAbort(hub.register('metadata'), signal);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { lib_ver: version } = await link.call(CALLS.CONNECT_GET_LIB_VERSION, undefined, { signal });
    const isTooOld = Number(version) < (releaseNumber(METADATA_EVENTS) ?? 0);
    throw isTooOld ? new Refusal(error.number, error.message, { code: 'UNSUPPORTED', cause: error }) : error;
  }
}
