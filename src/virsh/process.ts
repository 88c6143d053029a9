import { randomBytes } from 'node:crypto';
import { failureOf } from '../client/failures.js';
import type { CallOptions } from '../client/operations.js';
import { TransportError } from '../errors/index.js';
import type { Exec, ExecRequest, ExecResult } from './exec.js';
import { Limit } from './limit.js';
import { libvirtWords } from './words.js';

/** What every virsh process of a transport has in common. */
export interface ProcessSettings {
  readonly exec: Exec;
  /** The program with what stands before it, such as sudo. */
  readonly command: readonly string[];
  /** Options of virsh itself: quiet, and the connection. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Longest time of a call in milliseconds, where it names none. */
  readonly timeoutMs: number;
  readonly maxProcesses: number;
  /** Names the daemon in messages. */
  readonly label: string;
}

/** What one command is about, for messages. */
export interface Subject {
  readonly operation: string;
  readonly network?: string | undefined;
  /** Whether it changes something, so that its end may come too late. */
  readonly changes: boolean;
}

/** What a command printed. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

type File = ExecRequest['files'][number];

/** Runs virsh, many commands in one process where that is possible, and turns its complaints into errors. */
export class VirshProcesses {
  readonly settings: ProcessSettings;
  /** How many processes were started; tests count them. */
  started = 0;
  readonly #limit: Limit;
  readonly #closed = new AbortController();

  constructor(settings: ProcessSettings) {
    this.settings = settings;
    this.#limit = new Limit(settings.maxProcesses);
  }

  /** Runs one command, its words given apart: nothing in them is read as syntax. */
  async command(
    words: readonly string[],
    subject: Subject,
    options: CallOptions,
    files: readonly File[] = [],
  ): Promise<Output> {
    const result = await this.#run(words, subject, options, files);
    const failed = result.exitCode !== 0 || /^error: /m.test(result.stderr);
    if (failed) throw this.failure(result.stderr, subject, result.exitCode);
    return result;
  }

  /**
   * Runs many commands in one process and gives each one's own output. The commands must be quoted already;
   * one that fails does not stop the others.
   */
  async batch(commands: readonly string[], subject: Subject, options: CallOptions): Promise<Output[]> {
    const mark = randomBytes(9).toString('hex');
    const line = commands
      .map((command, i) => `${command}; echo '${mark}:${i};'; echo --err '${mark}:${i};'`)
      .join('; ');
    const result = await this.#run([line], subject, options, []);
    const stdout = split(result.stdout, mark, commands.length);
    const stderr = split(result.stderr.replaceAll(`error: ${mark}:`, `${mark}:`), mark, commands.length);
    // Without frames nothing was run at all, mostly because there is no connection.
    if (stdout.length !== commands.length || stderr.length !== commands.length)
      throw this.failure(result.stderr, subject, result.exitCode);
    return commands.map((_, i) => ({ stdout: stdout[i] ?? '', stderr: stderr[i] ?? '' }));
  }

  /** The error for what virsh printed. */
  failure(stderr: string, subject: Subject, exitCode?: number): TransportError {
    const words = libvirtWords(stderr);
    const rule = failureOf(words);
    const about = subject.network === undefined ? '' : ` for network "${subject.network}"`;
    const said = words === '' ? `virsh ended with status ${exitCode ?? 'none'} and said nothing` : words;
    return new TransportError(
      words === '' ? 'UNEXPECTED_REPLY' : (rule?.code ?? 'LIBVIRT'),
      `${subject.operation}${about} failed on ${this.settings.label}: ${said}`,
      {
        hint: rule?.hint,
        operation: subject.operation,
        network: subject.network,
        libvirtMessage: words === '' ? undefined : words,
        exitCode,
        mayHaveChanged: subject.changes && (rule?.code === 'CONNECTION_FAILED' || words === ''),
      },
    );
  }

  /** Ends everything that runs. */
  close(): void {
    this.#closed.abort(new TransportError('CLOSED', `the connection to ${this.settings.label} was closed`));
  }

  /** Ends when the transport is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  async #run(
    words: readonly string[],
    subject: Subject,
    options: CallOptions,
    files: readonly File[],
  ): Promise<ExecResult> {
    const timeoutMs = options.timeoutMs ?? this.settings.timeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signals = [this.#closed.signal, timeout, ...(options.signal === undefined ? [] : [options.signal])];
    const signal = AbortSignal.any(signals);
    const request = this.request(words, signal, files);
    const result = await this.#limit
      .run(signal, () => this.#start(request, subject))
      .catch((error: unknown) => {
        if (timeout.aborted && error === timeout.reason) throw this.#late(subject, timeoutMs);
        throw error;
      });
    options.signal?.throwIfAborted();
    this.#closed.signal.throwIfAborted();
    if (timeout.aborted) throw this.#late(subject, timeoutMs);
    return result;
  }

  /** What is run for some words behind virsh's own options. */
  request(words: readonly string[], signal: AbortSignal, files: readonly File[] = []): ExecRequest {
    const [file = 'virsh', ...before] = this.settings.command;
    return { file, args: [...before, ...this.settings.options, ...words], env: this.settings.env, signal, files };
  }

  async #start(request: ExecRequest, subject: Subject): Promise<ExecResult> {
    request.signal.throwIfAborted();
    this.started++;
    try {
      return await this.settings.exec.run(request);
    } catch (error) {
      throw this.unstartable(error, subject);
    }
  }

  /** The error for a program that could not be started. The cause may hold secrets and is not kept. */
  unstartable(error: unknown, subject: Subject): TransportError {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
    const [file] = this.settings.command;
    const hint =
      code === 'ENOENT' ? 'install it (package libvirt-clients or libvirt-client), or name its path' : undefined;
    return new TransportError('TOOL_MISSING', `${subject.operation} failed: ${file} cannot be started (${code})`, {
      hint,
      operation: subject.operation,
      network: subject.network,
    });
  }

  #late(subject: Subject, timeoutMs: number): TransportError {
    const about = subject.network === undefined ? '' : ` for network "${subject.network}"`;
    const outcome = subject.changes ? '; it may have had an effect all the same' : '';
    return new TransportError(
      'TIMEOUT',
      `${subject.operation}${about} took longer than ${timeoutMs} ms on ${this.settings.label}${outcome}`,
      {
        hint: subject.changes ? 'read the state before trying again' : 'allow more time with timeoutMs',
        operation: subject.operation,
        network: subject.network,
        mayHaveChanged: subject.changes,
      },
    );
  }
}

/** What stood before each mark. */
function split(text: string, mark: string, count: number): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < count; i++) {
    const label = `${mark}:${i};`;
    const at = text.indexOf(label, from);
    if (at === -1) break;
    parts.push(text.slice(from, at).replace(/^\n/, ''));
    from = at + label.length;
  }
  return parts;
}

/** Quotes a value for virsh's own command line, which knows single quotes and backslashes as a shell does. */
export const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
