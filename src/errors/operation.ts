import { type ErrorDetails, LibvirtError } from './base.js';
import type { ErrorCode } from './codes.js';
import { redact } from './redact.js';

/** Details of an {@link OperationError} beside its message. */
export interface OperationErrorDetails extends ErrorDetails {
  /** libvirt's own words. Default: the message. */
  readonly libvirtMessage?: string | undefined;
  /** Number in libvirt's `virErrorNumber`, where it is known. */
  readonly libvirtNumber?: number | undefined;
}

/**
 * libvirt was asked and refused: nothing has changed. The code says why; `LIBVIRT` when libvirt's words have
 * none, which {@link OperationError.libvirtMessage} keeps.
 */
export class OperationError extends LibvirtError {
  /** libvirt's own words, without secrets. */
  readonly libvirtMessage: string;
  /** Number in libvirt's `virErrorNumber`, such as 43 for a network that is not there; absent where the words do not tell. */
  readonly libvirtNumber: number | undefined;

  /**
   * @param code - one of the closed set of codes
   * @param message - what failed, on what, why; secrets are taken out
   * @param details - libvirt's words, hint, operation and network
   */
  constructor(code: ErrorCode, message: string, details: OperationErrorDetails = {}) {
    super(code, redact(message), details);
    this.libvirtMessage = redact(details.libvirtMessage ?? message);
    this.libvirtNumber = details.libvirtNumber;
  }

  protected override get className(): string {
    return 'OperationError';
  }
}
