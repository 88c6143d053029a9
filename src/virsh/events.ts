import { sleep } from '../async/sleep.js';
import { LibvirtError } from '../errors/index.js';
import { isAbsent } from '../transport/absent.js';
import { type EventQueue, gapAt } from '../transport/event-queue.js';
import type { Feed } from '../transport/event-stream.js';
import { type Subject, unexpected } from '../transport/libvirt-error.js';
import { METADATA_EVENTS, withRelease } from '../transport/min-releases.js';
import type { EventOptions, NetworkEvent } from '../transport/operations.js';
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

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** The events of a daemon, from a virsh that runs as long as somebody reads. */
export const feedOf =
  (processes: Processes, subject: Subject, options: EventOptions): Feed =>
  async (queue, signal) => {
    let ms = FIRST_PAUSE_MS;
    let wasAlive = false;
    let isFirst = true;
    while (!signal.aborted) {
      const round: Round = new Round(queue, options, !isFirst);
      isFirst = false;
      const error = await round.listen(processes, subject, signal);
      if (signal.aborted) return;
      if (round.isAlive) ms = FIRST_PAUSE_MS;
      wasAlive ||= round.isAlive;
      // A virsh whose daemon goes away may break off in the middle of its words.
      const mayComeBack = isAbsent(error) || (wasAlive && error.code === 'UNEXPECTED_REPLY');
      if (options.reconnect !== true || !mayComeBack) throw error;
      await sleep(ms, signal).catch(() => {}); // an abort ends the loop
      ms = Math.min(2 * ms, LONGEST_PAUSE_MS);
    }
  };

/** A connection, from its start to its loss. */
class Round {
  readonly #queue: EventQueue;
  readonly #options: EventOptions;
  readonly #isLater: boolean;
  #awaited: number;
  #isAlive = false;

  constructor(queue: EventQueue, options: EventOptions, isLater: boolean) {
    this.#queue = queue;
    this.#options = options;
    this.#isLater = isLater;
    this.#awaited = options.metadata === true ? 2 : 1;
  }

  /** Tells whether the daemon has been heard of. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Listens until the connection is lost, and says how; one virsh listens to one kind of event. */
  async listen(processes: Processes, subject: Subject, signal: AbortSignal): Promise<LibvirtError> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const kinds = ['lifecycle', ...(this.#options.metadata === true ? ['metadata-change'] : [])];
    const ends = kinds.map((kind) => this.#follow(kind, processes, subject, both));
    const error = await Promise.race(ends);
    stop.abort();
    await Promise.all(ends);
    return error;
  }

  async #follow(kind: string, processes: Processes, subject: Subject, signal: AbortSignal): Promise<LibvirtError> {
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
    if (event === undefined) return;
    this.#live();
    this.#queue.push(event);
  }

  #agree(): void {
    this.#awaited--;
    if (this.#awaited > 0) return;
    this.#live();
    if (this.#options.onListening !== undefined) queueMicrotask(this.#options.onListening);
  }

  /** From here on a reader can look at the state without missing what comes next. */
  #live(): void {
    if (!this.#isAlive && this.#isLater) this.#queue.push(gapAt(new Date()));
    this.#isAlive = true;
  }
}
