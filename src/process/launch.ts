import { LibvirtError, redact, TransportError } from '../errors/index.js';
import { REMEDIES } from '../errors/remedies.js';
import { fitsArgument } from './argument.js';
import type { Exec, ExecRequest, ExecResult } from './exec.js';
import { errnoOf, InputFailure } from './input.js';

/** Subject of a run, for messages. */
export interface About {
  /** Beginning of every message: the operation and its subject. */
  readonly cannot: string;
  readonly operation?: string | undefined;
  /** Name or uuid of a network. */
  readonly network?: string | undefined;
  /** Texts that no message shows. */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * Runs a program; its failure to start becomes one of our errors.
 *
 * @throws {@link LibvirtError} codes `TOOL_MISSING`, `CONNECTION_FAILED`, `TEMP_FILE_FAILED`, `INVALID_ARGUMENT`
 */
export async function launch(exec: Exec, request: ExecRequest, about: About): Promise<ExecResult> {
  if (!request.args.every(fitsArgument)) throw tooLong(about);
  try {
    return await exec(request);
  } catch (error) {
    if (request.signal.aborted || LibvirtError.is(error)) throw error;
    if (error instanceof InputFailure) throw unwritable(error, about);
    throw unstartable(error, request.file, about);
  }
}

function tooLong({ cannot, ...about }: About): LibvirtError {
  return new LibvirtError('INVALID_ARGUMENT', `${cannot}: a value is longer than an argument may be`, {
    hint: 'keep each value below 128 KiB; a longer description can be defined with the network',
    ...about,
  });
}

function unwritable(cause: InputFailure, { cannot, ...about }: About): TransportError {
  return new TransportError('TEMP_FILE_FAILED', `${cannot}: no temporary file in ${cause.folder}: ${cause.message}`, {
    hint: REMEDIES.TEMP_FILE_FAILED,
    ...about,
    cause,
  });
}

/** Describes why a program cannot be started. */
function unstartable(error: unknown, file: string, { cannot, secrets, ...about }: About): TransportError {
  const cause = withoutSecrets(error, secrets);
  const reason = errnoOf(error) ?? cause.message;
  const code = /^(?:ENOENT|ENOTDIR|EACCES|ENOEXEC)$/.test(reason) ? 'TOOL_MISSING' : 'CONNECTION_FAILED';
  return new TransportError(code, `${cannot}: ${file} cannot be started: ${reason}`, {
    hint: code === 'TOOL_MISSING' ? REMEDIES.TOOL_MISSING : undefined,
    ...about,
    cause,
  });
}

/** A copy with what can be shown: errors of programs also have the command line, which can hold secrets. */
function withoutSecrets(error: unknown, secrets?: readonly string[]): Error {
  if (!(error instanceof Error)) return new Error(redact(String(error), secrets));
  const { name, message, stack } = error;
  const copy = Object.assign(new Error(redact(message, secrets)), { name });
  if (stack !== undefined) copy.stack = redact(stack, secrets);
  return copy;
}
