import type { execa as Execa } from 'execa';
import { onAbort } from '../async/abort.js';
import { TransportError } from '../errors/index.js';
import type { Exec, ExecRequest, ExecResult } from './exec.js';
import { groupOf, guard, HAS_GROUPS } from './guard.js';
import { closeInput, openInput } from './input.js';
import { loadExeca } from './load-execa.js';
import { signalAll, treeOf } from './tree.js';

const MAX_OUTPUT = 256 * 1024 * 1024;
/** Time that a program gets to end after a signal, before the next measure. */
const GRACE_MS = 500;
/** Time for reading the rest of the output of a program that has ended: what it has started may hold it open, as the master of ssh does. */
const HELD_MS = 500;

/** Variables that make virsh or libvirt say more than what is asked. */
const NOISE = /^(?:LIBVIRT_DEBUG|LIBVIRT_LOG_\w+|VIRSH_DEBUG|VIRSH_LOG_FILE|LANGUAGE)$/;

/** Environment of the program: our own, without variables that would change its answers. */
function environment(added: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || NOISE.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), ...added };
}

/**
 * Runs programs on this machine with execa, and ends them with all that they have started. Each is a session of its
 * own: what a signal to this program, or to its terminal, means for them is for this program to decide.
 */
export const localExec: Exec = async (request) => {
  const { execa } = await loadExeca();
  request.signal.throwIfAborted();
  const input = request.input === undefined ? undefined : openInput(request.input);
  try {
    const reader = new LineReader(request);
    const child = guard.start(execa, (marked) => startProgram(execa, request, { marked, input, reader }));
    const result = await ended(child, reader.signal).finally(() => guard.end(child.pid));
    reader.assertRead();
    return result;
  } finally {
    if (input !== undefined) closeInput(input);
  }
};

/** What a program is started with, beside what was asked for. */
interface Start {
  readonly marked: Readonly<Record<string, string>>;
  readonly input: number | undefined;
  readonly reader: LineReader;
}

const startProgram = (execa: typeof Execa, request: ExecRequest, { marked, input, reader }: Start): Child =>
  execa(request.file, [...request.args], {
    env: { ...environment(request.env), ...marked },
    extendEnv: false,
    // execa takes any descriptor; its types know a few.
    stdin: (input as 3 | undefined) ?? 'ignore',
    stdout: reader.pass('stdout'),
    stderr: reader.pass('stderr'),
    reject: false,
    stripFinalNewline: false,
    maxBuffer: MAX_OUTPUT,
    detached: HAS_GROUPS,
    // It would listen for signals, and raise them again against the program's own handlers.
    cleanup: false,
  });

/** Passes the lines of a program on. A reader that throws ends the program. */
class LineReader {
  readonly #onLine: ExecRequest['onLine'];
  readonly #failed = new AbortController();
  /** Aborts with the caller's signal, or when the reader has thrown. */
  readonly signal: AbortSignal;

  constructor({ onLine, signal }: ExecRequest) {
    this.#onLine = onLine;
    this.signal = onLine === undefined ? signal : AbortSignal.any([signal, this.#failed.signal]);
  }

  pass(from: 'stdout' | 'stderr') {
    const onLine = this.#onLine;
    const failed = this.#failed;
    if (onLine === undefined) return 'pipe';
    // biome-ignore lint/correctness/useYield: it takes the lines out
    return function* (line: unknown) {
      try {
        if (!failed.signal.aborted) onLine(String(line), from);
      } catch (error) {
        failed.abort(error);
      }
    };
  }

  /** Throws what the reader has thrown. */
  assertRead(): void {
    this.#failed.signal.throwIfAborted();
  }
}

/** Waits for the end of a program, or brings it about. */
async function ended(child: Child, signal: AbortSignal): Promise<ExecResult> {
  let timer: NodeJS.Timeout | undefined;
  let stopWaiting = () => {};
  let giveUp = (_: ExecResult) => {};
  const givenUp = new Promise<ExecResult>((resolve) => {
    giveUp = resolve;
  });
  const stop = () => {
    const tree = child.pid === undefined ? [] : [...groupOf(child.pid), ...treeOf(child.pid)];
    signalAll(tree, 'SIGTERM');
    timer = setTimeout(() => {
      signalAll(tree, 'SIGKILL');
      timer = setTimeout(() => giveUp(abandon(child)), GRACE_MS);
    }, GRACE_MS);
  };
  const undo = onAbort(signal, stop);
  child.once('exit', () => {
    stopWaiting = closeWhenHeld(child);
  });
  try {
    return await Promise.race([child.then(resultOf), givenUp]);
  } finally {
    undo();
    clearTimeout(timer);
    stopWaiting();
  }
}

/**
 * Stops reading the output of a program that has ended, once the time for it is over and nothing of it is left to read:
 * a program of ours that was busy all that time has not read what was there from the beginning.
 *
 * @returns a function that ends the waiting
 */
function closeWhenHeld(child: Child): () => void {
  let next: NodeJS.Immediate | undefined;
  const readSoFar = (): number => (child.stdout?.bytesRead ?? 0) + (child.stderr?.bytesRead ?? 0);
  // What can be read is read between a timer and an immediate, and between two immediates.
  const closeUnlessRead = (before: number) => {
    const now = readSoFar();
    if (now === before) closeOutput(child);
    else next = setImmediate(closeUnlessRead, now);
  };
  const timer = setTimeout(() => {
    next = setImmediate(closeUnlessRead, readSoFar());
  }, HELD_MS);
  return () => {
    clearTimeout(timer);
    clearImmediate(next);
  };
}

/** Stops reading; what was read so far counts. */
function closeOutput(child: Child): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** Gives up on a program that cannot be ended, such as one that sudo runs for another user. */
function abandon(child: Child): ExecResult {
  closeOutput(child);
  child.unref();
  return { stdout: '', stderr: '' };
}

/** The part of execa's subprocess that is used here. */
interface Child extends PromiseLike<Ended> {
  readonly pid?: number | undefined;
  readonly stdout: Output | null;
  readonly stderr: Output | null;
  unref(): void;
  once(event: 'exit', listener: () => void): unknown;
}

interface Output {
  /** Absent where it is not a pipe. */
  readonly bytesRead?: number;
  destroy(): unknown;
}

interface Ended {
  readonly exitCode?: number | undefined;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
  readonly cause?: unknown;
  readonly signal?: string | undefined;
  /** True if the output was longer than it may be, and is cut. */
  readonly isMaxBuffer?: boolean | undefined;
}

function resultOf({ exitCode, stdout, stderr, cause, signal, isMaxBuffer }: Ended): ExecResult {
  if (isMaxBuffer === true)
    throw new TransportError('UNEXPECTED_REPLY', 'a program printed more than 256 MiB', {
      hint: 'ask for less at once',
    });
  // With neither an exit status nor a signal there was no process.
  if (exitCode === undefined && signal === undefined) throw cause;
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    stdout: String(stdout ?? ''),
    stderr: String(stderr ?? ''),
  };
}
