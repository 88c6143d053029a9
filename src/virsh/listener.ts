import { LibvirtError } from '../errors/index.js';
import type { StreamEvent } from '../transport/event-queue.js';
import { type Subject, unexpected } from '../transport/libvirt-error.js';
import type { Round } from '../transport/reconnect.js';
import type { Processes } from './process.js';

/** A virsh that prints events, and what it prints. */
export interface EventCommand<E extends StreamEvent> {
  /** Its words before `--loop`. */
  readonly words: readonly string[];
  /** Finds the answer of the daemon to a request for events in libvirt's log. */
  readonly answer: RegExp;
  /** Answers until the daemon tells everything. */
  readonly answers: number;
  /** The event of a line; nothing for lines that are none. */
  readonly eventOf: (line: string) => E | undefined;
  /** Adds to an error of the command what else is known of it. */
  readonly explain?: (error: LibvirtError) => LibvirtError;
}

/**
 * virsh says nothing when it begins to listen, but libvirt's own log does: it notes each answer of the daemon.
 */
const LOGGING = { LIBVIRT_LOG_OUTPUTS: '2:stderr', LIBVIRT_LOG_FILTERS: '2:rpc.netclient' };
const LOGGED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+0000: \d+: \w+ : /;

/** Listens for one connection. */
export class Listener<E extends StreamEvent> {
  readonly #processes: Processes;
  readonly #subject: Subject;
  readonly #round: Round<E>;
  /** Answers of the daemon that have not come yet. */
  #awaited = 0;

  constructor(processes: Processes, subject: Subject, round: Round<E>) {
    this.#processes = processes;
    this.#subject = subject;
    this.#round = round;
  }

  /** Listens until the connection is lost, and says how. */
  async listen(commands: readonly EventCommand<E>[], signal: AbortSignal): Promise<LibvirtError> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    this.#awaited = commands.reduce((sum, { answers }) => sum + answers, 0);
    const ends = commands.map((command) => this.#follow(command, both));
    const error = await Promise.race(ends);
    stop.abort();
    await Promise.all(ends);
    return error;
  }

  async #follow({ words, answer, eventOf, explain }: EventCommand<E>, signal: AbortSignal): Promise<LibvirtError> {
    const [processes, subject] = [this.#processes, this.#subject];
    const complaints: string[] = [];
    const onLine = (line: string, from: 'stdout' | 'stderr') => {
      if (from === 'stdout') this.#hear(eventOf(line));
      else if (answer.test(line)) this.#agree();
      else if (!LOGGED.test(line)) complaints.push(line);
    };
    try {
      const all = [...words, '--loop', '--timestamp'];
      const { exitCode } = await processes.start(all, subject, signal, { env: LOGGING, onLine });
      const error = processes.failure(subject, complaints.join('\n'), exitCode);
      return explain === undefined ? error : explain(error);
    } catch (error) {
      return LibvirtError.is(error) ? error : unexpected(subject, 'virsh could not be run', { cause: error });
    }
  }

  #hear(event: E | undefined): void {
    if (event !== undefined) this.#round.hear(event);
  }

  #agree(): void {
    this.#awaited--;
    if (this.#awaited === 0) this.#round.listening();
  }
}
