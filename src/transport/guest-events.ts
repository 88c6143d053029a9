import { type OptionNames, optionsOf } from '../options/options.js';
import { BoundedQueue } from './event-queue.js';
import { EventReader, type FeedOf } from './event-stream.js';
import type { Subject } from './libvirt-error.js';
import type { EventOptions } from './operations.js';

/** A change of a guest, or of one of its devices. Source: virDomainEventType and virDomainEventID of libvirt's API. */
export interface GuestEvent {
  /**
   * `defined` also stands for a changed definition. `shutdown` comes before `stopped` when the guest ends by itself.
   * `device-removal-failed`: the guest has refused to let a device go. `gap`: events may be missing here, since the reader was
   * slow or the connection was lost; read the state again.
   */
  readonly type:
    | 'defined'
    | 'undefined'
    | 'started'
    | 'suspended'
    | 'resumed'
    | 'stopped'
    | 'shutdown'
    | 'pmsuspended'
    | 'crashed'
    | 'device-added'
    | 'device-removed'
    | 'device-removal-failed'
    | 'gap';
  /** Name of the guest; empty for a gap. */
  readonly guest: string;
  /** Alias of the device, such as `net0`: of the three events of devices alone. */
  readonly device?: string;
  /** Time of the daemon's message, or when it arrived; of a gap, the time when it was noticed. */
  readonly at: Date;
}

/** Options of {@link Transport.guestEvents}. */
export type GuestEventOptions = Omit<EventOptions, 'metadata'>;

/** The options of a stream of events of guests. */
export const GUEST_EVENT_OPTIONS: OptionNames<GuestEventOptions> = {
  signal: true,
  buffer: true,
  reconnect: true,
  onListening: true,
};

/** The mark for events of guests that may be missing. */
export const guestGapAt = (at: Date): GuestEvent => ({ type: 'gap', guest: '', at });

/**
 * The stream of events of guests of a transport; see `eventStream`. For transports.
 *
 * @param label - names the daemon in messages
 * @param options - the reader's
 * @param closed - aborts when the transport is closed
 * @param feed - where the events come from
 */
export function guestEventStream(
  label: string,
  options: GuestEventOptions,
  closed: AbortSignal,
  feed: FeedOf<GuestEvent>,
): AsyncIterable<GuestEvent> {
  const { signal, buffer } = optionsOf(options, GUEST_EVENT_OPTIONS, 'events');
  const subject: Subject = { operation: 'guest.events', label };
  return {
    [Symbol.asyncIterator]: () =>
      new EventReader(new BoundedQueue(guestGapAt, buffer), feed, { subject, signal, closed }),
  };
}
