import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LabError } from '../lab-error.js';

const execute = promisify(execFile);

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Time that a program gets: apt may have to load hundreds of megabytes. */
const LIMIT_MS = 30 * 60_000;

/**
 * Runs a program of the machine and gives what it printed.
 *
 * @throws {@link LabError} with the last line that the program complained in
 */
export async function run(file: string, args: readonly string[], { cwd, env }: RunOptions = {}): Promise<string> {
  const options = { ...(cwd === undefined ? {} : { cwd }), env: { ...process.env, LC_ALL: 'C.UTF-8', ...env } };
  try {
    return (await execute(file, [...args], { ...options, maxBuffer: 1 << 28, timeout: LIMIT_MS })).stdout;
  } catch (error) {
    throw new LabError(`${[file, ...args].join(' ').slice(0, 200)} failed: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { stderr, code, killed } = error as {
    readonly stderr?: string;
    readonly code?: string | number;
    readonly killed?: boolean;
  };
  if (killed) return `it did not end within ${LIMIT_MS / 60_000} minutes`;
  if (code === 'ENOENT') return 'there is no such program';
  return stderr?.trim().split('\n').at(-1) || `it ended with ${code}`;
}
