import { startedWith } from './leaks.js';

/** The variable that all that a run starts has in its environment: `run/file/test;`. */
const VARIABLE = 'LIBVIRT_NETWORK_STARTED_BY';

/** Names a run, a test file in it, or a test in that. */
export interface Mark {
  readonly run: string;
  readonly file?: string;
  readonly test?: string;
}

const textOf = ({ run, file, test }: Mark): string =>
  `${VARIABLE}=${[run, file, test].filter((part) => part !== undefined).join('/')}${test === undefined ? '/' : ';'}`;

/** Marks all that this process starts from now on. */
export function mark(by: Mark): void {
  const [name = '', value] = textOf(by).split('=');
  process.env[name] = value;
}

/** The run that this process is part of. */
export const currentRun = (): string => (process.env[VARIABLE] ?? '').split('/')[0] ?? '';

/** esbuild keeps a process for as long as the worker lives that has built something with it. */
const KEPT = /\besbuild --service=/;

/** The processes that a run, a file or a test has started and that still run, as `pid command line`. */
export const remainsOf = (by: Mark): string[] => startedWith(textOf(by)).filter((line) => !KEPT.test(line));

/** Ends the processes that a run, a file or a test has started. */
export function endAllOf(by: Mark): void {
  for (const line of remainsOf(by)) {
    try {
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}
