import type { FeedOf } from '../transport/event-stream.js';
import { guestGapAt } from '../transport/guest-events.js';
import type { GuestEvent } from '../transport/guest-operations.js';
import type { Subject } from '../transport/libvirt-error.js';
import type { GuestEventOptions } from '../transport/operations.js';
import { reconnecting } from '../transport/reconnect.js';
import { type EventCommand, Listener } from './listener.js';
import type { Processes } from './process.js';
import { STAMP, timeOf } from './stamp.js';

/** Words of virsh that are not the event's type in small letters. */
const LIFECYCLE: Readonly<Record<string, GuestEvent['type']>> = {
  Defined: 'defined',
  Undefined: 'undefined',
  Started: 'started',
  Suspended: 'suspended',
  Resumed: 'resumed',
  Stopped: 'stopped',
  Shutdown: 'shutdown',
  PMSuspended: 'pmsuspended',
  Crashed: 'crashed',
};

const DEVICES: ReadonlySet<string> = new Set(['device-added', 'device-removed', 'device-removal-failed']);

// A name may hold quotes and colons, so the last of them count.
const STAMPED = new RegExp(`${STAMP.source} for domain '(.*)': (.*)$`, 's');

const isOfDevice = (kind: string): kind is 'device-added' | 'device-removed' | 'device-removal-failed' =>
  DEVICES.has(kind);

/**
 * The event of a line that virsh prints; nothing for events of other kinds, and for lines that are none. A step of life that
 * nobody knows is a gap: it must not get lost.
 */
export function guestEventOf(line: string): GuestEvent | undefined {
  const [, day, time, kind = '', guest = '', what = ''] = STAMPED.exec(line) ?? [];
  if (day === undefined) return undefined;
  const at = timeOf(day, time);
  if (isOfDevice(kind)) return { type: kind, guest, device: what, at };
  if (kind !== 'lifecycle') return undefined;
  const type = LIFECYCLE[what.split(' ')[0] ?? ''];
  return type === undefined ? guestGapAt(at) : { type, guest, at };
}

/**
 * One virsh hears all kinds of events. It asks for them in the order of their numbers, where 22, the 23rd, is the last of
 * ours; it goes on where the daemon refuses a kind.
 */
const COMMAND: EventCommand<GuestEvent> = {
  words: ['event', '--all'],
  answer: / RPC_CLIENT_MSG_RX: .* proc=316 type=1 status=\d /,
  answers: 23,
  eventOf: guestEventOf,
};

/** The events of a daemon's guests, from a virsh that runs as long as somebody reads. */
export const guestFeedOf = (processes: Processes, subject: Subject, options: GuestEventOptions): FeedOf<GuestEvent> =>
  reconnecting<GuestEvent>(options, (round, signal) =>
    new Listener(processes, subject, round).listen([COMMAND], signal),
  );
