import { gapAt } from '../transport/event-queue.js';
import type { Feed } from '../transport/event-stream.js';
import type { Subject } from '../transport/libvirt-error.js';
import { METADATA_EVENTS, withRelease } from '../transport/min-releases.js';
import type { EventOptions, NetworkEvent } from '../transport/operations.js';
import { reconnecting } from '../transport/reconnect.js';
import { type EventCommand, Listener } from './listener.js';
import type { Processes } from './process.js';
import { STAMP, timeOf } from './stamp.js';

const TYPES: Readonly<Record<string, NetworkEvent['type']>> = {
  Defined: 'defined',
  Undefined: 'undefined',
  Started: 'started',
  Stopped: 'stopped',
};

// A name may hold anything but a line break, so the last words of the line count. It may hold U+2028, which `.` takes for a
// line break unless told otherwise.
const STAMPED = new RegExp(`${STAMP.source} for network (.*)$`, 's');
const LIFECYCLE = /^(.*): (\w+)$/s;
const METADATA = /^(.*): type \w+, uri .*$/s;

/**
 * The event of a line that virsh prints; nothing for lines that are none, such as the count at the end.
 * An event that nobody knows is a gap: it must not get lost.
 */
export function eventOf(line: string): NetworkEvent | undefined {
  const [, day, time, event, rest = ''] = STAMPED.exec(line) ?? [];
  if (day === undefined) return undefined;
  const at = timeOf(day, time);
  const [, network, what = ''] = (event === 'lifecycle' ? LIFECYCLE : METADATA).exec(rest) ?? [];
  const type = event === 'lifecycle' ? TYPES[what] : 'metadata-changed';
  return network === undefined || type === undefined ? gapAt(at) : { type, network, at };
}

/** The virsh of a kind of event. */
const commandOf = (kind: 'lifecycle' | 'metadata-change', subject: Subject): EventCommand<NetworkEvent> => ({
  words: ['net-event', `--event=${kind}`],
  answer: / RPC_CLIENT_MSG_RX: .* proc=313 type=1 status=0 /,
  answers: 1,
  eventOf,
  explain: (error) => withRelease(error, kind === 'lifecycle' ? undefined : METADATA_EVENTS, subject),
});

/** The events of a daemon, from a virsh for each kind that runs as long as somebody reads. */
export const feedOf = (processes: Processes, subject: Subject, options: EventOptions): Feed =>
  reconnecting<NetworkEvent>(options, (round, signal) => {
    const kinds = ['lifecycle' as const, ...(options.metadata === true ? ['metadata-change' as const] : [])];
    const commands = kinds.map((kind) => commandOf(kind, subject));
    return new Listener(processes, subject, round).listen(commands, signal);
  });
