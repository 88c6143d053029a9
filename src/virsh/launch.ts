import { cannot, type Subject } from '../client/failure.js';
import { LibvirtError, TransportError } from '../errors/index.js';
import { REMEDIES } from '../errors/remedies.js';
import type { Exec, ExecRequest, ExecResult } from './exec.js';
import { fitsArgument } from './frames.js';
import { errnoOf, InputFailure } from './input.js';

/**
 * Runs a program; its failure to start becomes one of our errors.
 *
 * @throws {@link LibvirtError} codes `TOOL_MISSING`, `CONNECTION_FAILED`, `TEMP_FILE_FAILED`, `INVALID_ARGUMENT`
 */
export async function launch(exec: Exec, request: ExecRequest, subject: Subject): Promise<ExecResult> {
  if (!request.args.every(fitsArgument)) throw tooLong(subject);
  try {
    return await exec(request);
  } catch (error) {
    if (request.signal.aborted || LibvirtError.is(error)) throw error;
    if (error instanceof InputFailure) throw unwritable(error, subject);
    throw unstartable(error, request.file, subject);
  }
}

function tooLong(subject: Subject): LibvirtError {
  return new LibvirtError('INVALID_ARGUMENT', `${cannot(subject)}: a value is longer than an argument may be`, {
    hint: 'keep each value below 128 KiB; a longer description can be defined with the network',
    operation: subject.operation,
    network: subject.network,
  });
}

function unwritable({ message, folder }: InputFailure, subject: Subject): TransportError {
  return new TransportError('TEMP_FILE_FAILED', `${cannot(subject)}: no temporary file in ${folder}: ${message}`, {
    hint: REMEDIES.TEMP_FILE_FAILED,
    operation: subject.operation,
    network: subject.network,
  });
}

/** The error itself may hold secrets: only the name of its reason is told. */
function unstartable(error: unknown, file: string, subject: Subject): TransportError {
  const errno = errnoOf(error) ?? 'unknown error';
  const code = /^(?:ENOENT|ENOTDIR|EACCES|ENOEXEC)$/.test(errno) ? 'TOOL_MISSING' : 'CONNECTION_FAILED';
  return new TransportError(code, `${cannot(subject)}: ${file} cannot be started: ${errno}`, {
    hint: code === 'TOOL_MISSING' ? REMEDIES.TOOL_MISSING : undefined,
    operation: subject.operation,
    network: subject.network,
  });
}
