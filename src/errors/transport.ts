import { type ErrorDetails, LibvirtError } from './base.js';
import type { ErrorCode } from './codes.js';
import { redact } from './redact.js';

/** Details of a {@link TransportError} beside its message. */
export interface TransportErrorDetails extends ErrorDetails {
  /** Output of the transport's program; the first 4,096 characters are kept. */
  readonly output?: string | undefined;
  /** Exit status of the process, where there was one. */
  readonly exitCode?: number | undefined;
  /** True if the change may have been applied although the operation failed. Default: false. */
  readonly mayHaveChanged?: boolean | undefined;
}

const KEPT = 4096;

/** libvirt could not be asked, or its answer did not come: the connection, the program or the time was at fault. */
export class TransportError extends LibvirtError {
  /** Output of the transport's program, without secrets. */
  readonly output: string | undefined;
  /** Exit status of the process, where there was one. */
  readonly exitCode: number | undefined;
  /** True if the change may have been applied although the operation failed: after a timeout or a lost connection. */
  readonly mayHaveChanged: boolean;

  /**
   * @param code - one of the closed set of codes
   * @param message - what failed, on what, why; secrets are taken out
   * @param details - what the program said and how far the operation came
   */
  constructor(code: ErrorCode, message: string, details: TransportErrorDetails = {}) {
    super(code, redact(message), details);
    this.output = details.output === undefined ? undefined : redact(details.output).slice(0, KEPT);
    this.exitCode = details.exitCode;
    this.mayHaveChanged = details.mayHaveChanged ?? false;
  }

  protected override get className(): string {
    return 'TransportError';
  }
}
