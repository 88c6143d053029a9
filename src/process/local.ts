import { type ChildProcess, spawn } from 'node:child_process';
import { onAbort } from '../async/abort.js';
import type { Exec, ExecRequest, ExecResult } from './exec.js';
import { closeInput, openInput } from './input.js';
import { outputOf } from './output.js';
import { signalAll, treeOf } from './tree.js';

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

/** Runs programs on this machine without a shell, and ends them with all that they have started. */
export const localExec: Exec = async (request) => {
  request.signal.throwIfAborted();
  const input = request.input === undefined ? undefined : openInput(request.input);
  try {
    const child = spawn(request.file, request.args, {
      env: environment(request.env),
      stdio: [input ?? 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    return await ended(child, request);
  } finally {
    if (input !== undefined) closeInput(input);
  }
};

/** Waits for the end of a program, or brings it about. */
async function ended(child: ChildProcess, request: ExecRequest): Promise<ExecResult> {
  let timer: NodeJS.Timeout | undefined;
  let giveUp = (_: ExecResult) => {};
  const givenUp = new Promise<ExecResult>((resolve) => {
    giveUp = resolve;
  });
  const stop = () => {
    if (timer !== undefined) return;
    const tree = runningOf(child);
    signalAll(tree, 'SIGTERM');
    timer = setTimeout(() => {
      signalAll(tree, 'SIGKILL');
      timer = setTimeout(() => giveUp(abandon(child)), GRACE_MS);
    }, GRACE_MS);
  };
  const undo = onAbort(request.signal, stop);
  try {
    return await Promise.race([resultOf(child, request, stop), givenUp]);
  } catch (error) {
    // The reader of its lines has failed.
    signalAll(runningOf(child), 'SIGKILL');
    throw error;
  } finally {
    undo();
    clearTimeout(timer);
  }
}

/** The processes of a program that still runs. */
const runningOf = ({ pid, exitCode, signalCode }: ChildProcess): readonly number[] =>
  pid === undefined || exitCode !== null || signalCode !== null ? [] : treeOf(pid);

/** Waits until a program is gone and its output was read; `stop` ends one that prints too much. */
async function resultOf(child: ChildProcess, { onLine }: ExecRequest, stop: () => void): Promise<ExecResult> {
  const read = (from: 'stdout' | 'stderr') =>
    outputOf(child[from], stop, onLine === undefined ? undefined : (line) => onLine(line, from));
  // A program that cannot be started rejects the first of them.
  const [exitCode, stdout, stderr] = await Promise.all([exitCodeOf(child), read('stdout'), read('stderr')]);
  return { ...(exitCode === null ? {} : { exitCode }), stdout, stderr };
}

/** Exit status of a program; `null` when a signal ended it. */
const exitCodeOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });

/** Gives up on a program that cannot be ended, such as one that sudo runs for another user. */
function abandon(child: ChildProcess): ExecResult {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
  return { stdout: '', stderr: '' };
}
