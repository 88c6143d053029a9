import { onAbort } from '../async/abort.js';
import type { Exec, ExecRequest, ExecResult } from './exec.js';
import { closeInput, openInput } from './input.js';
import { signalAll, treeOf } from './tree.js';

const MAX_OUTPUT = 256 * 1024 * 1024;
/** Time that a program gets to end after a signal, before the next measure. */
const GRACE_MS = 500;

/** Variables that make virsh or libvirt say more than what is asked. */
const NOISE = /^(?:LIBVIRT_DEBUG|LIBVIRT_LOG_\w+|VIRSH_DEBUG|VIRSH_LOG_FILE|LANGUAGE)$/;

/** Environment of the program: our own, without variables that would change its answers. */
function environment(added: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || NOISE.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), ...added };
}

/** Runs programs on this machine with execa, and ends them with all that they have started. */
export const localExec: Exec = async (request) => {
  // execa takes a while to load, and many programs never start anything.
  const { execa } = await import('execa');
  request.signal.throwIfAborted();
  const input = request.input === undefined ? undefined : openInput(request.input);
  try {
    const { onLine } = request;
    const pass = (from: 'stdout' | 'stderr') =>
      onLine === undefined
        ? 'pipe'
        : // biome-ignore lint/correctness/useYield: it takes the lines out
          function* (line: unknown) {
            onLine(String(line), from);
          };
    const child = execa(request.file, [...request.args], {
      env: environment(request.env),
      extendEnv: false,
      // execa takes any descriptor; its types know a few.
      stdin: (input as 3 | undefined) ?? 'ignore',
      stdout: pass('stdout'),
      stderr: pass('stderr'),
      reject: false,
      stripFinalNewline: false,
      maxBuffer: MAX_OUTPUT,
    });
    return await ended(child, request);
  } finally {
    if (input !== undefined) closeInput(input);
  }
};

/** Waits for the end of a program, or brings it about. */
async function ended(child: Child, { signal }: ExecRequest): Promise<ExecResult> {
  let timer: NodeJS.Timeout | undefined;
  let giveUp = (_: ExecResult) => {};
  const givenUp = new Promise<ExecResult>((resolve) => {
    giveUp = resolve;
  });
  const stop = () => {
    const tree = child.pid === undefined ? [] : treeOf(child.pid);
    signalAll(tree, 'SIGTERM');
    timer = setTimeout(() => {
      signalAll(tree, 'SIGKILL');
      timer = setTimeout(() => giveUp(abandon(child)), GRACE_MS);
    }, GRACE_MS);
  };
  const undo = onAbort(signal, stop);
  try {
    return await Promise.race([child.then(resultOf), givenUp]);
  } finally {
    undo();
    clearTimeout(timer);
  }
}

/** Gives up on a program that cannot be ended, such as one that sudo runs for another user. */
function abandon(child: Child): ExecResult {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
  return { stdout: '', stderr: '' };
}

/** The part of execa's subprocess that is used here. */
interface Child extends PromiseLike<Ended> {
  readonly pid?: number | undefined;
  readonly stdout: { destroy(): unknown } | null;
  readonly stderr: { destroy(): unknown } | null;
  unref(): void;
}

interface Ended {
  readonly exitCode?: number | undefined;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
  readonly code?: string | undefined;
  readonly signal?: string | undefined;
}

function resultOf({ exitCode, stdout, stderr, code, signal }: Ended): ExecResult {
  // With neither an exit status nor a signal there was no process.
  if (exitCode === undefined && signal === undefined)
    throw Object.assign(new Error('the program cannot be started'), { code });
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    stdout: String(stdout ?? ''),
    stderr: String(stderr ?? ''),
  };
}
