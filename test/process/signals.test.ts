import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { treeOf } from '../../src/process/tree.js';
import { startedWith } from '../support/leaks.js';
import { programOf } from '../support/program.js';
import { start } from '../support/run.js';

const OPERATIONS = ['events', 'ensure', 'applyHostBridge', 'installPortForwards'] as const;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** A program that writes down that it runs, has a program of its own, and goes on when the file `go` is there. */
const SLOW = `#!/bin/sh
folder=\${0%/*}
sleep 1003 & child=$!
: >"$folder/running"
while [ ! -e "$folder/go" ]; do sleep 0.05 2>/dev/null || sleep 1; done
kill $child
case $1 in sh) exec "$@" ;; esac
echo 'error: the daemon is gone' >&2
exit 1
`;

interface Program {
  readonly pid: number;
  /** Lines that it has said. */
  readonly said: () => readonly string[];
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>;
  /** What it has started and still runs, with what ends that when it is gone. */
  readonly children: () => readonly string[];
}

/** Starts an operation, and resolves when one of its programs runs. */
async function inTheMiddle(test: TestContext, ...[operation, handler, decision]: string[]): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'lvn-signals-'));
  test.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const slow = join(folder, 'slow');
  writeFileSync(slow, SLOW);
  chmodSync(slow, 0o755);
  const args = [programOf('test/support/signal-process.ts'), operation, handler, decision, folder, slow];
  const child = start(process.execPath, args.map(String), { env: { ...process.env, MARK: folder } });
  child.stderr.resume();
  const ended = once(child, 'exit').then(([code, signal]) => [code, signal] as const);
  await vi.waitFor(() => expect(existsSync(join(folder, 'running'))).toBe(true), { timeout: 30_000, interval: 10 });
  const pid = child.pid ?? 0;
  const guards = treeOf(pid).filter(isGuard);
  return {
    pid,
    said: () => readFileSync(join(folder, 'said'), 'utf8').trim().split('\n'),
    ended,
    children: () => [
      ...startedWith(`MARK=${folder}`).filter((line) => Number.parseInt(line, 10) !== pid),
      ...guards.filter(isGuard).map(String),
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

const nothingLeft = ({ children }: Program) =>
  vi.waitFor(() => expect(children()).toEqual([]), { timeout: 10_000, interval: 20 });

/** A terminal sends a signal to the whole process group. */
const signalGroup = ({ pid }: Program, signal: NodeJS.Signals) => process.kill(-pid, signal);

describe('a signal in the middle of an operation', { concurrent: true }, () => {
  for (const operation of OPERATIONS) {
    for (const signal of SIGNALS) {
      for (const handler of ['once', 'on'] as const) {
        it(`${operation}: ${signal} does what the handler registered with ${handler} decides, to abort`, async (test) => {
          const program = await inTheMiddle(test, operation, handler, 'abort');
          signalGroup(program, signal);
          expect(await program.ended).toEqual([0, null]);
          expect(program.said()).toEqual(['handler', 'failed: stop', 'finally']);
          await nothingLeft(program);
        });
      }

      it(`${operation}: ${signal} leaves the programs alone when the handler decides to go on`, async (test) => {
        const program = await inTheMiddle(test, operation, 'once', 'go on');
        signalGroup(program, signal);
        expect(await program.ended).toEqual([0, null]);
        const [first, outcome, last, ...rest] = program.said();
        expect([first, last, rest]).toEqual(['handler', 'finally', []]);
        expect(outcome).toMatch(operation === 'installPortForwards' ? /^done$/ : /^failed: (?!.*by a signal)/);
        await nothingLeft(program);
      });
    }

    for (const signal of [...SIGNALS, 'SIGKILL'] as const) {
      it(`${operation}: ${signal} ends the program as Node.js does when it has no handler, and its programs`, async (test) => {
        const program = await inTheMiddle(test, operation, 'none', '');
        expect(program.children().length).toBeGreaterThan(1);
        process.kill(program.pid, signal);
        expect(await program.ended).toEqual([null, signal]);
        await nothingLeft(program);
        expect(existsSync(`/proc/${program.pid}/exe`)).toBe(false);
      });
    }
  }
});
