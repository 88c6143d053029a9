import { type OptionNames, optionsOf } from '../options/options.js';
import { BoundedQueue } from './event-queue.js';
import { EventReader, type FeedOf } from './event-stream.js';
import type { GuestEvent } from './guest-operations.js';
import type { Subject } from './libvirt-error.js';
import type { GuestEventOptions } from './operations.js';

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
