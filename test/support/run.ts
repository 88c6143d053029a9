import { type SpawnSyncReturns, spawnSync } from 'node:child_process';

export interface RunOptions {
  /** Seconds after which the program is ended with all that it started; 60 without it. */
  readonly seconds?: number;
  /** What the program reads. */
  readonly input?: string;
  readonly cwd?: string;
  /** The whole environment; this process's own without it. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The largest output that is kept of a program, in bytes. */
const MAX_OUTPUT = 1 << 28;

/**
 * Runs a program to its end and returns what it printed, whatever its exit status. Every program that a test runs from
 * outside of the library is run by this function or by {@link runOrThrow}, so that none can keep the tests waiting.
 *
 * @throws Error when the program cannot be started or does not end in time; then all that it started is ended as well
 */
export function run(file: string, args: readonly string[], options: RunOptions = {}): SpawnSyncReturns<string> {
  const { seconds = 60, ...others } = options;
  // `detached` makes a process group, which can be ended as a whole. Node.js takes it here, but its types do not say so.
  const settings = { encoding: 'utf8' as const, maxBuffer: MAX_OUTPUT, detached: true, ...others };
  const result = spawnSync(file, args, { ...settings, timeout: seconds * 1000, killSignal: 'SIGKILL' });
  const { error } = result;
  if (error === undefined) return result;
  endGroup(result.pid);
  if (!('code' in error) || error.code !== 'ETIMEDOUT') throw error;
  throw new Error(`${[file, ...args].join(' ')} did not end within ${seconds} seconds`);
}

/**
 * Runs a program and returns what it printed, without blanks at the ends.
 *
 * @throws Error as {@link run} does, and with what the program complained about when it fails
 */
export function runOrThrow(file: string, args: readonly string[], options: RunOptions = {}): string {
  const { status, signal, stdout, stderr } = run(file, args, options);
  if (status === 0) return stdout.trim();
  throw new Error(`${[file, ...args].join(' ')} ended with ${status ?? signal}: ${stderr.trim()}`);
}

/** Ends a process group at once, where it still exists. */
export function endGroup(leader: number): void {
  // 0 and 1 would mean this process's own group, and every process.
  if (leader <= 1) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
