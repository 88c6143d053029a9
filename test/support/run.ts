import {
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
  type SpawnSyncReturns,
  spawn,
  spawnSync,
} from 'node:child_process';

export interface StartOptions {
  /** Seconds after which the program is ended with all that it started; 60 without it. */
  readonly seconds?: number;
  readonly cwd?: string;
  /** The whole environment; this process's own without it. */
  readonly env?: NodeJS.ProcessEnv;
  /** The id of the user, and of the group, that the program runs as; root alone can choose it. */
  readonly user?: number;
}

export interface RunOptions extends StartOptions {
  /** What the program reads. */
  readonly input?: string;
}

/** The largest output that is kept of a program, in bytes. */
const MAX_OUTPUT = 1 << 28;

/** `detached` makes a process group, which can be ended as a whole. */
const settingsOf = ({ cwd, env, user }: StartOptions) => ({
  detached: true,
  ...(cwd === undefined ? {} : { cwd }),
  ...(env === undefined ? {} : { env }),
  ...(user === undefined ? {} : { uid: user, gid: user }),
});

/**
 * Runs a program to its end and returns what it printed, whatever its exit status. Every program that a test runs from
 * outside of the library is run by this function, by what is built on it, or by {@link start}, so that none can keep the
 * tests waiting.
 *
 * @throws Error when the program cannot be started or does not end in time; then all that it started is ended as well
 */
export function run(file: string, args: readonly string[], options: RunOptions = {}): SpawnSyncReturns<string> {
  const { seconds = 60, input = '' } = options;
  // Node.js takes `detached` here, but its types do not say so.
  const settings = { encoding: 'utf8' as const, maxBuffer: MAX_OUTPUT, input, ...settingsOf(options) };
  const result = spawnSync(file, args, { ...settings, timeout: seconds * 1000, killSignal: 'SIGKILL' });
  const { error } = result;
  if (error === undefined) return result;
  endGroup(result.pid);
  if (!('code' in error) || error.code !== 'ETIMEDOUT') throw error;
  const last = `${result.stdout}${result.stderr}`.trimEnd().slice(-2000);
  throw new Error(`${[file, ...args].join(' ')} did not end within ${seconds} seconds; it printed last: ${last}`);
}

/**
 * Runs a program and returns what it printed.
 *
 * @throws Error as {@link run} does, and with what the program complained about when it fails
 */
export function outputOf(file: string, args: readonly string[], options: RunOptions = {}): string {
  const { status, signal, stdout, stderr } = run(file, args, options);
  if (status === 0) return stdout;
  throw new Error(`${[file, ...args].join(' ')} ended with ${status ?? signal}: ${stderr.trim()}`);
}

/** Does the same as {@link outputOf}, and leaves out the blanks at the ends. */
export const runOrThrow = (file: string, args: readonly string[], options?: RunOptions): string =>
  outputOf(file, args, options).trim();

/** Starts a program that runs beside the test, with pipes. Its limit ends it as that of {@link run} does. */
export function start(
  file: string,
  args: readonly string[],
  options: StartOptions = {},
): ChildProcessWithoutNullStreams {
  const child = spawn(file, args, settingsOf(options));
  const timer = setTimeout(() => end(child), (options.seconds ?? 60) * 1000);
  // Waiting for the limit alone keeps no process alive.
  timer.unref();
  child.once('close', () => clearTimeout(timer));
  return child;
}

/** Ends a program with all that it started. */
export const end = ({ pid }: ChildProcess): void => endGroup(pid ?? 0);

/** Ends a process group at once, where it still exists. */
function endGroup(leader: number): void {
  // 0 and 1 would mean this process's own group, and every process.
  if (leader <= 1) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
