/** Runs in the main process around all tests: ends a run that hangs, and says where it does. */
import { randomUUID } from 'node:crypto';
import { endAllOf, mark } from './marks.js';
import { closeProgress, openProgress, type Progress, progressOf } from './progress.js';

/** A program that a test waits for without a turn of the event loop has at most this time; then its test is late. */
const GRACE_MS = Number(process.env['WATCH_GRACE_MS'] ?? 300_000);
const LOOK_MS = 5000;

export default function watch(): () => void {
  const run = randomUUID();
  mark({ run });
  openProgress(run);
  const close = () => {
    endAllOf({ run });
    closeProgress(run);
  };
  process.once('exit', close);
  const timer = setInterval(() => {
    const late = progressOf(run).filter(({ until }) => Date.now() > until + GRACE_MS);
    if (late.length === 0) return;
    console.error(late.map(lineOf).join('\n'));
    process.exit(1);
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

const lineOf = ({ file, tests, until }: Progress): string =>
  `The run hangs and is ended: ${file} has been late for ${Math.round((Date.now() - until) / 1000)} s, ${
    tests.length === 0 ? 'outside of its tests' : `in ${tests.join(', ')}`
  }`;
