import { type ErrorDetails, LibvirtError } from './base.js';
import type { ErrorCode } from './codes.js';
import { redact } from './redact.js';

/** What a {@link TransportError} knows beside its message. */
export interface TransportErrorDetails extends ErrorDetails {
  /** What the transport's program said; the first 4,096 characters are kept. */
  readonly output?: string | undefined;
  /** Exit status of the process, where there was one. */
  readonly exitCode?: number | undefined;
  /** Whether the operation may have had an effect although it failed. Default: false. */
  readonly mayHaveChanged?: boolean | undefined;
}

const KEPT = 4096;

/** libvirt could not be asked, or its answer did not come: the connection, the program or the time was at fault. */
export class TransportError extends LibvirtError {
  /** What the transport's program said, without secrets. */
  readonly output: string | undefined;
  /** Exit status of the process, where there was one. */
  readonly exitCode: number | undefined;
  /** Whether the operation may have had an effect although it failed: after a timeout or a lost connection. */
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
