import { type ErrorDetails, LibvirtError } from './base.js';
import type { ErrorCode } from './codes.js';
import { redact } from './redact.js';

/** What a {@link TransportError} knows beside its message. */
export interface TransportErrorDetails extends ErrorDetails {
  /** libvirt's own words, as far as they were understood as such; kept to 4,096 characters. */
  readonly libvirtMessage?: string | undefined;
  /** Exit status of the process, where there was one. */
  readonly exitCode?: number | undefined;
  /** Whether the operation may have had an effect although it failed. Default: false. */
  readonly mayHaveChanged?: boolean | undefined;
}

const KEPT = 4096;

/** An operation on a host failed: the daemon refused it, or could not be asked. */
export class TransportError extends LibvirtError {
  /** libvirt's own words, without secrets. */
  readonly libvirtMessage: string | undefined;
  /** Exit status of the process, where there was one. */
  readonly exitCode: number | undefined;
  /** Whether the operation may have had an effect although it failed: after a timeout or a lost connection. */
  readonly mayHaveChanged: boolean;

  /**
   * @param code - one of the closed set of codes
   * @param message - what failed, on what, why; secrets are taken out
   * @param details - libvirt's words and how far the operation came
   */
  constructor(code: ErrorCode, message: string, details: TransportErrorDetails = {}) {
    super(code, redact(message), details);
    this.libvirtMessage =
      details.libvirtMessage === undefined ? undefined : redact(details.libvirtMessage).slice(0, KEPT);
    this.exitCode = details.exitCode;
    this.mayHaveChanged = details.mayHaveChanged ?? false;
  }

  protected override get className(): string {
    return 'TransportError';
  }
}
