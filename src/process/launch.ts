import { LibvirtError, TransportError } from '../errors/index.js';
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

function unwritable({ message, folder }: InputFailure, { cannot, ...about }: About): TransportError {
  return new TransportError('TEMP_FILE_FAILED', `${cannot}: no temporary file in ${folder}: ${message}`, {
    hint: REMEDIES.TEMP_FILE_FAILED,
    ...about,
  });
}

/** Describes why a program cannot be started. The error itself may contain secrets, so only the name of its reason is shown. */
function unstartable(error: unknown, file: string, { cannot, ...about }: About): TransportError {
  const errno = errnoOf(error) ?? 'unknown error';
  const code = /^(?:ENOENT|ENOTDIR|EACCES|ENOEXEC)$/.test(errno) ? 'TOOL_MISSING' : 'CONNECTION_FAILED';
  return new TransportError(code, `${cannot}: ${file} cannot be started: ${errno}`, {
    hint: code === 'TOOL_MISSING' ? REMEDIES.TOOL_MISSING : undefined,
    ...about,
  });
}
