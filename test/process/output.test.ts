import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { localExec } from '../../src/process/local.js';
import { start } from '../support/run.js';

/** Keeps this program from doing anything else for longer than output that is held open is waited for. */
const beBusy = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 800);

/** Keeps this program from doing anything else until another one has ended. */
function beBusyUntilEnded(pid: number | undefined): void {
  while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
}

/**
 * Makes this program learn of the end of another one before it can read its output, and makes it busy after that: the
 * other one ends while the output and the end of a third one are handled, in one turn of the loop.
 */
async function beBusyAtTheEndOf(pid: number, letItEnd: () => void): Promise<void> {
  const third = start('echo', ['third']);
  third.stdout.on('data', () => {
    letItEnd();
    beBusyUntilEnded(pid);
  });
  third.on('exit', beBusy);
  beBusyUntilEnded(third.pid);
  await once(third, 'close');
}

describe('output of a program that has ended', () => {
  for (const size of [1, 60_000]) {
    it(`is read whole although this program was busy: ${size} characters`, async (test) => {
      const folder = mkdtempSync(join(tmpdir(), 'output-'));
      const controller = new AbortController();
      test.onTestFinished(() => {
        controller.abort();
        rmSync(folder, { recursive: true });
      });
      const [begun, go] = [join(folder, 'begun'), join(folder, 'go')];
      const script = `echo $$ >${begun}; until [ -e ${go} ]; do :; done; head -c ${size} /dev/zero | tr '\\0' x`;
      const result = localExec({ file: 'sh', args: ['-c', script], env: {}, signal: controller.signal });
      await vi.waitFor(() => expect(readFileSync(begun, 'utf8')).toMatch(/\d\n/), { timeout: 4_000 });
      await beBusyAtTheEndOf(Number(readFileSync(begun, 'utf8')), () => writeFileSync(go, ''));
      const { exitCode, stdout, stderr } = await result;
      expect({ exitCode, stderr, length: stdout.length }).toEqual({ exitCode: 0, stderr: '', length: size });
    });
  }
});
