import { LibvirtError } from '../errors/index.js';
import { gapAt } from '../transport/event-queue.js';
import type { Feed } from '../transport/event-stream.js';
import { type Subject, unexpected } from '../transport/libvirt-error.js';
import { METADATA_EVENTS, withRelease } from '../transport/min-releases.js';
import type { EventOptions, NetworkEvent } from '../transport/operations.js';
import { type Round, reconnecting } from '../transport/reconnect.js';
import type { Processes } from './process.js';

const TYPES: Readonly<Record<string, NetworkEvent['type']>> = {
  Defined: 'defined',
  Undefined: 'undefined',
  Started: 'started',
  Stopped: 'stopped',
};

// A name may hold anything but a line break, so the last words of the line count. It may hold U+2028, which `.` takes for a
// line break unless told otherwise.
const STAMPED = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+)\+0000: event '([\w-]+)' for network (.*)$/s;
const LIFECYCLE = /^(.*): (\w+)$/s;
const METADATA = /^(.*): type \w+, uri .*$/s;

/**
 * The event of a line that virsh prints; nothing for lines that are none, such as the count at the end.
 * An event that nobody knows is a gap: it must not get lost.
 */
export function eventOf(line: string): NetworkEvent | undefined {
  const [, day, time, event, rest = ''] = STAMPED.exec(line) ?? [];
  if (day === undefined) return undefined;
  const at = new Date(`${day}T${time}Z`);
  const [, network, what = ''] = (event === 'lifecycle' ? LIFECYCLE : METADATA).exec(rest) ?? [];
  const type = event === 'lifecycle' ? TYPES[what] : 'metadata-changed';
  return network === undefined || type === undefined ? gapAt(at) : { type, network, at };
}

/**
 * virsh says nothing when it begins to listen, but libvirt's own log does: it notes each answer of the daemon,
 * and 313 is the request for events.
 */
const LOGGING = { LIBVIRT_LOG_OUTPUTS: '2:stderr', LIBVIRT_LOG_FILTERS: '2:rpc.netclient' };
const AGREED = / RPC_CLIENT_MSG_RX: .* proc=313 type=1 status=0 /;
const LOGGED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+0000: \d+: \w+ : /;

/** The events of a daemon, from a virsh that runs as long as somebody reads. */
export const feedOf = (processes: Processes, subject: Subject, options: EventOptions): Feed =>
  reconnecting(options, (round, signal) => new Listener(processes, subject, round).listen(options, signal));

/** Listens for one connection. */
class Listener {
  readonly #processes: Processes;
  readonly #subject: Subject;
  readonly #round: Round;
  /** Kinds of events that the daemon has not agreed to tell yet. */
  #awaited = 0;

  constructor(processes: Processes, subject: Subject, round: Round) {
    this.#processes = processes;
    this.#subject = subject;
    this.#round = round;
  }

  /** Listens until the connection is lost, and says how; one virsh listens to one kind of event. */
  async listen({ metadata = false }: EventOptions, signal: AbortSignal): Promise<LibvirtError> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const kinds = ['lifecycle', ...(metadata ? ['metadata-change'] : [])];
    this.#awaited = kinds.length;
    const ends = kinds.map((kind) => this.#follow(kind, both));
    const error = await Promise.race(ends);
    stop.abort();
    await Promise.all(ends);
    return error;
  }

  async #follow(kind: string, signal: AbortSignal): Promise<LibvirtError> {
    const [processes, subject] = [this.#processes, this.#subject];
    const complaints: string[] = [];
    const onLine = (line: string, from: 'stdout' | 'stderr') => {
      if (from === 'stdout') this.#hear(line);
      else if (AGREED.test(line)) this.#agree();
      else if (!LOGGED.test(line)) complaints.push(line);
    };
    const words = ['net-event', `--event=${kind}`, '--loop', '--timestamp'];
    try {
      const { exitCode } = await processes.start(words, subject, signal, { env: LOGGING, onLine });
      const error = processes.failure(subject, complaints.join('\n'), exitCode);
      return withRelease(error, kind === 'lifecycle' ? undefined : METADATA_EVENTS, subject);
    } catch (error) {
      return LibvirtError.is(error) ? error : unexpected(subject, 'virsh could not be run', { cause: error });
    }
  }

  #hear(line: string): void {
    const event = eventOf(line);
    if (event !== undefined) this.#round.hear(event);
  }

  #agree(): void {
    this.#awaited--;
    if (this.#awaited === 0) this.#round.listening();
  }
}
