/**
 * Runs in each worker around each test file: says which test runs, and ends what a test has started and not ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, type TestContext } from 'vitest';
import { currentRun, endAllOf, mark, remainsOf } from './marks.js';
import { endProgress, tellProgress } from './progress.js';

/** Longest time between two tests: that of a hook. */
const BETWEEN_MS = 120_000;
/** Time that processes which were told to end get to be gone. */
const GONE_MS = 10_000;

type Task = TestContext['task'];

const run = currentRun();
const path = expect.getState().testPath ?? '';
const file = `${process.pid}.${performance.now()}`;
const running = new Map<Task, { readonly test: string; readonly until: number }>();
let count = 0;

function tell(): void {
  const ends = [...running.values()].map((one) => one.until);
  const until = ends.length === 0 ? Date.now() + BETWEEN_MS : Math.max(...ends);
  tellProgress({ file: path, tests: [...running.keys()].map(({ fullTestName }) => fullTestName), until });
}

mark({ run, file, test: '0' });
tell();

beforeEach(({ task }) => {
  const test = String(++count);
  running.set(task, { test, until: Date.now() + task.timeout });
  mark({ run, file, test });
  tell();
});

afterEach(({ task }) => {
  const test = running.get(task)?.test;
  const isLate = task.result?.errors?.some(({ message }) => message.includes('timed out in')) ?? false;
  // Others go on using what a test has started, such as a daemon that it has started once more.
  if (isLate && test !== undefined) endAllOf({ run, file, test });
  running.delete(task);
  mark({ run, file, test: '0' });
  tell();
});

afterAll(async () => {
  const end = Date.now() + GONE_MS;
  while (remainsOf({ run, file }).length > 0 && Date.now() < end) await sleep(20);
  const rest = remainsOf({ run, file });
  endAllOf({ run, file });
  endProgress();
  expect(rest, `${path} leaves processes`).toEqual([]);
});
