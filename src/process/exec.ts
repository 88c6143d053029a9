/** A request to run a program. */
export interface ExecRequest {
  /** The program, as a name that the system looks up or a path. */
  readonly file: string;
  /** Its arguments; never a shell's. */
  readonly args: readonly string[];
  /** Variables that it must have, beside those of the place where it runs. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * A document that the program reads from `/dev/stdin`. It opens that name again, so it must be a file or a pipe and not a socket; over ssh, put `cat | ` in front of the command.
   */
  readonly input?: string;
  /** Ends the program. */
  readonly signal: AbortSignal;
  /** Gets the output line by line as it comes; nothing of it is in the result then. */
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => void;
}

/** Result of a program. */
export interface ExecResult {
  /** Absent when a signal ended it. */
  readonly exitCode?: number;
  /** Standard output as UTF-8. */
  readonly stdout: string;
  /** Standard error as UTF-8. */
  readonly stderr: string;
}

/**
 * Runs a program to its end: the default does it on this machine, another could do it over ssh or in a container.
 * It resolves when the program is gone, also after its signal. It rejects only when the program could not be
 * started, with `code` `ENOENT` where there is none.
 */
export type Exec = (request: ExecRequest) => Promise<ExecResult>;
