import { type OptionNames, optionsOf } from '../../options/options.js';
import type { ExecRequest, ExecResult } from '../../process/exec.js';
import { localExec } from '../../process/local.js';
import type { Runner } from '../../process/runner.js';

export type { Runner } from '../../process/runner.js';

/** Options of {@link localRunner}. */
export interface LocalRunnerOptions {
  /**
   * Words in front of every program, such as `['sudo', '-n']` or `['podman', 'exec', '-i', 'box']`.
   * Default: none.
   */
  readonly prefix?: readonly string[] | undefined;
  /** Names the host in messages. Default: `this host`. */
  readonly label?: string | undefined;
}

/**
 * Runs programs on this machine.
 *
 * @param options - words in front of each program
 */
export function localRunner(options: LocalRunnerOptions = {}): Runner {
  const { prefix = [], label = 'this host' } = optionsOf(options, LOCAL_OPTIONS, 'localRunner');
  return { label, exec: (request) => localExec(withPrefix(prefix, request)) };
}

const LOCAL_OPTIONS: OptionNames<LocalRunnerOptions> = { prefix: true, label: true };

/** A request with words in front of its program. */
export function withPrefix(prefix: readonly string[], request: ExecRequest): ExecRequest {
  const [file = request.file, ...args] = [...prefix, request.file];
  return { ...request, file, args: [...args, ...request.args] };
}

/** A runner that keeps what it was asked to run. */
export interface RecordingRunner extends Runner {
  /** Every request so far, in order. */
  readonly requests: readonly ExecRequest[];
}

/**
 * Keeps every request, for tests and for showing what would be run.
 *
 * @param answer - a runner that carries the requests out, or a function that makes up their results. Default: all
 *   succeed and print nothing.
 */
export function recordingRunner(answer: Runner | ((request: ExecRequest) => ExecResult) = () => DONE): RecordingRunner {
  const requests: ExecRequest[] = [];
  const label = typeof answer === 'function' ? 'a recorded host' : answer.label;
  const reply = typeof answer === 'function' ? async (request: ExecRequest) => answer(request) : answer.exec;
  return {
    label,
    requests,
    exec: (request) => {
      requests.push(request);
      return reply(request);
    },
  };
}

const DONE: ExecResult = { exitCode: 0, stdout: '', stderr: '' };
