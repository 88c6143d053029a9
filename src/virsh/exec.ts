/** One run of a program. */
export interface ExecRequest {
  /** The program, as a name that the system looks up or a path. */
  readonly file: string;
  /** Its arguments; never a shell's. */
  readonly args: readonly string[];
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the program. */
  readonly signal: AbortSignal;
  /**
   * Files that the arguments name, with their content: they lie on this machine, so a runner that starts the
   * program elsewhere must take them along.
   */
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

/** How a program ended. */
export interface ExecResult {
  /** Absent when a signal ended it. */
  readonly exitCode?: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that is running. */
export interface Running {
  /** What it prints, line by line as it comes. */
  readonly lines: AsyncIterable<string>;
  /** How it ended; its output is in `lines`. */
  readonly result: Promise<ExecResult>;
}

/** Runs programs: the default does it here, another could do it over ssh or in a container. */
export interface Exec {
  /** Runs a program to its end. Rejects only when it cannot be started; `code` is then `ENOENT` and the like. */
  run(request: ExecRequest): Promise<ExecResult>;
  /** Starts a program whose output is read as it comes. The request's signal ends it. */
  stream(request: ExecRequest): Promise<Running>;
}

const MAX_OUTPUT = 256 * 1024 * 1024;
const KILL_AFTER_MS = 2000;

/** execa takes a while to load, and many programs never start anything. */
async function start({ file, args, env, signal }: ExecRequest, buffer: boolean) {
  const { execa } = await import('execa');
  return {
    child: execa(file, [...args], {
      env: { ...env },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      stripFinalNewline: false,
      maxBuffer: MAX_OUTPUT,
      cancelSignal: signal,
      forceKillAfterDelay: KILL_AFTER_MS,
      buffer: { stdout: buffer },
    }),
  };
}

interface Ended {
  readonly exitCode?: number | undefined;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
  readonly code?: string | undefined;
}

function resultOf({ exitCode, stdout, stderr, code }: Ended): ExecResult {
  // Without an exit status and a signal of ours the program could not be started at all.
  if (exitCode === undefined && code !== undefined && /^E(NOENT|ACCES|NOTDIR|2BIG)$/.test(code)) {
    throw Object.assign(new Error('the program cannot be started'), { code });
  }
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    stdout: String(stdout ?? ''),
    stderr: String(stderr ?? ''),
  };
}

/** Runs programs on this machine with execa. */
export const localExec: Exec = {
  run: async (request) => {
    const { child } = await start(request, true);
    return resultOf(await child);
  },
  stream: async (request) => {
    const { child } = await start(request, false);
    return { lines: child.iterable({ from: 'stdout' }), result: child.then(resultOf) };
  },
};
