import { LibvirtError, TransportError } from '../errors/index.js';
import { checkSignal, timeoutOf } from '../options/values.js';
import type { ExecResult } from './exec.js';
import { launch } from './launch.js';
import type { Runner } from './runner.js';

/** A script for a host. */
export interface HostScript {
  /** The action, as a clause that follows "cannot". */
  readonly what: string;
  /** Text of the script. Only constants and quoted words: see `quote`. */
  readonly script: string;
  /** Its positional parameters. */
  readonly args?: readonly string[];
  /** True if the host may have changed although the call fails. Default: false. */
  readonly changes?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Longest time in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
}

const SCRIPT_MS = 30_000;

/** Beginning of every script: over ssh, the folders of `ip` are often not on the PATH. */
const PROLOGUE = 'PATH="$PATH:/usr/sbin:/sbin:/usr/bin:/bin"; export PATH\n';

/** A script of this length or more does not fit into an argument, and comes by standard input. */
const LONG_SCRIPT = 100_000;

/** As an argument a script needs no file of ours, and so no room on our own disk. */
const argumentsFor = (script: string, args: readonly string[]) =>
  Buffer.byteLength(script) < LONG_SCRIPT
    ? { args: ['-c', script, 'sh', ...args] }
    : { args: ['-s', '--', ...args], input: script };

/**
 * Runs a script on a host. It may have any length.
 *
 * @throws `TransportError` codes `TIMEOUT`, `SSH_FAILED`, `TOOL_MISSING`, `CONNECTION_FAILED`, or the signal's reason
 */
export async function tryScript(runner: Runner, ask: HostScript): Promise<ExecResult> {
  const { what, script, args = [], changes = false, signal, timeoutMs = SCRIPT_MS } = ask;
  checkSignal(signal);
  const late = AbortSignal.timeout(timeoutOf(timeoutMs));
  const either = signal === undefined ? late : AbortSignal.any([late, signal]);
  const cannot = `cannot ${what} on ${runner.label}`;
  const request = { file: 'sh', ...argumentsFor(PROLOGUE + script, args), env: { LC_ALL: 'C' }, signal: either };
  const result = await launch(runner.exec, request, { cannot }).catch((error: unknown) => {
    if (LibvirtError.is(error) || !either.aborted) throw error;
    return undefined;
  });
  signal?.throwIfAborted();
  if (result !== undefined && !late.aborted) return result;
  throw new TransportError('TIMEOUT', `${cannot} within ${timeoutMs} ms`, { mayHaveChanged: changes });
}

/**
 * The same for a script that must succeed.
 *
 * @returns what it printed
 * @throws `TransportError` code `UNEXPECTED_REPLY` with its complaints, and those of {@link tryScript}
 */
export async function runScript(runner: Runner, what: HostScript): Promise<string> {
  const { exitCode, stdout, stderr } = await tryScript(runner, what);
  if (exitCode === 0) return stdout;
  const end = exitCode === undefined ? 'a signal ended it' : `status ${exitCode}`;
  const why = stderr.trim() === '' ? end : `${stderr.trim()} (${end})`;
  throw new TransportError('UNEXPECTED_REPLY', `cannot ${what.what} on ${runner.label}: ${why}`, {
    hint: 'run the same by hand on the host; most steps need root',
    output: stderr,
    exitCode,
    mayHaveChanged: what.changes ?? false,
  });
}
