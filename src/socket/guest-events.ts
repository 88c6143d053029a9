import { orAbort } from '../async/abort.js';
import type { FeedOf } from '../transport/event-stream.js';
import { guestGapAt } from '../transport/guest-events.js';
import type { GuestEvent } from '../transport/guest-operations.js';
import type { GuestEventOptions } from '../transport/operations.js';
import { type Failure, feedFrom, Hub, hubs } from './hub.js';
import type { Session } from './session.js';
import { GUEST_CALLS, GUEST_EVENTS, type GuestName } from './wire/guest-procedures.js';

/** `virDomainEventType` of libvirt. */
const LIFECYCLE = [
  'defined',
  'undefined',
  'started',
  'suspended',
  'resumed',
  'stopped',
  'shutdown',
  'pmsuspended',
  'crashed',
] as const;

/** `virDomainEventID` of libvirt. */
const KINDS = { lifecycle: 0, 'device-removed': 15, 'device-added': 19, 'device-removal-failed': 22 } as const;
type Kind = keyof typeof KINDS;
const ALL = Object.keys(KINDS) as readonly Kind[]; // the keys of a constant

/** What the events of devices say. */
interface DeviceMessage {
  readonly dom: GuestName;
  readonly devAlias: string;
}

const hubOf = hubs((link) => {
  const hub = new Hub<Kind, GuestEvent>((kind) =>
    link.call(GUEST_CALLS.CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY, { eventID: KINDS[kind], dom: undefined }),
  );
  const { DOMAIN_EVENT_CALLBACK_LIFECYCLE: life, DOMAIN_EVENT_CALLBACK_DEVICE_REMOVED: removed } = GUEST_EVENTS;
  link.on(life, ({ msg: { dom, event } }) => {
    const type = LIFECYCLE[event];
    const at = new Date();
    // A step of life that nobody knows must not get lost.
    hub.tell('lifecycle', type === undefined ? guestGapAt(at) : { type, guest: dom.name, at });
  });
  const tell = (type: Exclude<Kind, 'lifecycle'>, { dom, devAlias }: DeviceMessage) =>
    hub.tell(type, { type, guest: dom.name, device: devAlias, at: new Date() });
  link.on(removed, ({ msg }) => tell('device-removed', msg));
  link.on(GUEST_EVENTS.DOMAIN_EVENT_CALLBACK_DEVICE_ADDED, (told) => tell('device-added', told));
  link.on(GUEST_EVENTS.DOMAIN_EVENT_CALLBACK_DEVICE_REMOVAL_FAILED, (told) => tell('device-removal-failed', told));
  return hub;
});

/**
 * The events of a daemon's guests, on the connection that calls use too.
 *
 * @param failure - makes the library's error of what was thrown
 */
export const guestFeedOf = (session: Session, options: GuestEventOptions, failure: Failure): FeedOf<GuestEvent> =>
  feedFrom<Kind, GuestEvent>(session, options, {
    hubOf,
    failure,
    wants: () => true,
    register: async (hub, _, signal) => {
      await orAbort(Promise.all(ALL.map((kind) => hub.register(kind))), signal);
    },
  });
