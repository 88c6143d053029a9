import { Semaphore } from '../async/semaphore.js';
import { type OperationError, redact, type TransportError } from '../errors/index.js';
import type { ExecRequest, ExecResult } from '../process/exec.js';
import { type About, launch } from '../process/launch.js';
import { describeFailure, type Subject, unexpected } from '../transport/libvirt-error.js';
import { libvirtFailure } from '../transport/libvirt-failure.js';
import type { Stop } from '../transport/with-deadline.js';
import { batchOf, type Output } from './batch.js';
import type { Settings } from './options.js';
import { saysFailure, wordsOf } from './stderr.js';

/** A task, and the signals that end it early. */
export interface Task {
  readonly subject: Subject;
  readonly stop: Stop;
}

/** Options of a run beside its arguments. */
export interface RunOptions extends Partial<Pick<ExecRequest, 'env' | 'input' | 'onLine'>> {
  /** True if tables keep their headings. Default: false. */
  readonly headings?: boolean;
}

const aboutOf = (subject: Subject): About => ({
  cannot: describeFailure(subject),
  operation: subject.operation,
  network: subject.network,
});

/** A terminal in between, as of `ssh -t`, ends lines with CRLF. libvirt itself writes a CR of a document as `&#13;`. */
const plainLines = (text: string): string => text.replaceAll('\r\n', '\n');

function withPlainLines<T extends Pick<RunOptions, 'onLine'>>({ onLine, ...run }: T) {
  if (onLine === undefined) return run;
  const plain: typeof onLine = (line, from) => onLine(line.replace(/\r$/, ''), from);
  return { ...run, onLine: plain };
}

/** Runs virsh, many commands in one process where that is possible, and turns its complaints into errors. */
export class Processes {
  readonly #settings: Settings;
  readonly #limit: Semaphore;
  readonly #closed = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #started = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#limit = new Semaphore(settings.maxProcesses);
  }

  /** How many processes were started so far. */
  get started(): number {
    return this.#started;
  }

  /** Aborts when the transport is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Runs one command. Its words are arguments of their own, so nothing in them is read as syntax. */
  async command(words: readonly string[], task: Task, run: RunOptions = {}): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#inTurn(words, task, run);
    // A few commands fail with status 0. What ssh and others print may begin with "error: " as well.
    if (exitCode !== 0 || saysFailure(stderr)) throw this.failure(task.subject, stderr, exitCode);
    return stdout;
  }

  /**
   * Runs many commands in one process and gives each one's own output. One that fails does not stop the others.
   *
   * @param commands - without anybody's text: nothing in them is quoted
   */
  async batch(commands: readonly string[], task: Task): Promise<readonly Output[]> {
    const { line, outputs, hasBegun } = batchOf(commands);
    const result = await this.#inTurn([line], task, {});
    const each = outputs(result);
    if (each !== undefined) return each;
    if (hasBegun(result)) throw unexpected(task.subject, 'the output of virsh was cut', { exitCode: result.exitCode });
    // Without any mark virsh did not come to the commands, mostly because there is no connection.
    throw this.failure(task.subject, result.stderr, result.exitCode);
  }

  /** The error for what virsh printed. */
  failure(subject: Subject, stderr: string, exitCode?: number): OperationError | TransportError {
    const { message, connected } = wordsOf(redact(stderr, this.#settings.secrets));
    if (message !== '') return libvirtFailure(message, subject, { exitCode, connected });
    const end = exitCode === undefined ? 'was ended by a signal' : `ended with status ${exitCode}`;
    return unexpected(subject, `virsh ${end} and did not say why`, { exitCode });
  }

  /** Starts a process at once, outside of the limit. */
  async start(words: readonly string[], subject: Subject, signal: AbortSignal, run: RunOptions): Promise<ExecResult> {
    const { command, virsh, env: common, secrets, exec, log } = this.#settings;
    const { headings = false, env, ...rest } = run;
    const [file = 'virsh', ...before] = command;
    const args = [...before, ...(headings ? [] : ['-q']), ...virsh, ...words];
    this.#started++;
    log?.(redact([file, ...args].join(' '), secrets));
    const request = { file, args, env: { ...common, ...env }, signal, ...withPlainLines(rest) };
    const { stdout, stderr, ...end } = await this.#track(launch(exec, request, { ...aboutOf(subject), secrets }));
    return { ...end, stdout: plainLines(stdout), stderr: plainLines(stderr) };
  }

  /** Ends everything that runs, and waits until it is gone. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.allSettled(this.#running);
  }

  #inTurn(words: readonly string[], { subject, stop }: Task, run: RunOptions): Promise<ExecResult> {
    return this.#limit.run(stop.signal, async () => {
      stop.signal.throwIfAborted();
      stop.begin();
      return this.start(words, subject, stop.signal, run);
    });
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }
}
