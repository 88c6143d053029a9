import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type TestContext, vi } from 'vitest';
import { treeOf } from '../../src/process/tree.js';
import { startedWith } from './leaks.js';
import { programOf } from './program.js';
import { start } from './run.js';

/** A program in the middle of an operation. */
export interface Program {
  readonly pid: number;
  /** Lines that it has said. */
  readonly said: () => readonly string[];
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>;
  /** What it has started and still runs, with what ends that when it is gone. */
  readonly children: () => readonly string[];
}

/** What a program does, and what it does when a signal comes. */
export interface Operation {
  readonly operation: string;
  readonly handler: 'once' | 'on' | 'none';
  readonly decision: 'abort' | 'go on';
  /** The text of the program that stands in the place of its own ones: it makes the file `running` and waits for the file `go`. */
  readonly slow: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts an operation, and resolves when one of its programs waits. */
export async function inTheMiddle(test: TestContext, wanted: Operation): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'lvn-signals-'));
  test.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const slow = join(folder, 'slow');
  writeFileSync(slow, wanted.slow);
  chmodSync(slow, 0o755);
  const args = [wanted.operation, wanted.handler, wanted.decision, folder, slow];
  const env = { ...process.env, ...wanted.env, MARK: folder };
  const child = start(process.execPath, [programOf('test/support/signal-process.ts'), ...args], { env });
  child.stderr.resume();
  const ended = once(child, 'exit').then(([code, signal]) => [code, signal] as const);
  await vi.waitFor(() => expect(existsSync(join(folder, 'running'))).toBe(true), { timeout: 30_000, interval: 10 });
  const pid = child.pid ?? 0;
  // A number alone may soon be that of the guard of another program.
  const guards = treeOf(pid)
    .filter(isGuard)
    .map((guard) => ({ guard, since: startOf(guard) }));
  return {
    pid,
    said: () => readFileSync(join(folder, 'said'), 'utf8').trim().split('\n'),
    ended,
    children: () => [
      ...startedWith(`MARK=${folder}`).filter((line) => Number.parseInt(line, 10) !== pid),
      ...guards.filter(({ guard, since }) => isGuard(guard) && startOf(guard) === since).map(({ guard }) => `${guard}`),
    ],
  };
}

/** Tells whether a process is what ends programs once that which has started them is gone. */
function isGuard(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('LIBVIRT_NETWORK_STARTED=');
  } catch {
    return false;
  }
}

/** When a process has started, in ticks; nothing where it is gone. */
function startOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}

export const nothingLeft = ({ children }: Program) =>
  vi.waitFor(() => expect(children()).toEqual([]), { timeout: 30_000, interval: 20 });

/** A terminal sends a signal to the whole process group. */
export const signalGroup = ({ pid }: Program, signal: NodeJS.Signals) => process.kill(-pid, signal);
