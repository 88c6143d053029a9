import { type ErrorDetails, LibvirtError } from './base.js';
import type { ErrorCode } from './codes.js';

/** Details of a {@link HostBridgeError} beside its message. */
export interface HostBridgeErrorDetails extends ErrorDetails {
  /** Id of the transaction on the host. */
  readonly transaction?: string | undefined;
  /** Differences from the state before, one line each; absent when the host could not be asked. */
  readonly leftovers?: readonly string[] | undefined;
}

/** A change of a host bridge did not come about. Unless {@link HostBridgeError.leftovers} says otherwise, it was taken back. */
export class HostBridgeError extends LibvirtError {
  /** Id of the transaction on the host; absent when there was none. */
  readonly transaction: string | undefined;
  /** Differences from the state before, one line each: empty when there are none; absent when the host could not be asked. */
  readonly leftovers: readonly string[] | undefined;

  /**
   * @param code - one of the closed set of codes
   * @param message - what failed, on what, why
   * @param details - id of the transaction, and what is left of it
   */
  constructor(code: ErrorCode, message: string, details: HostBridgeErrorDetails = {}) {
    super(code, message, details);
    this.transaction = details.transaction;
    this.leftovers = details.leftovers;
  }

  protected override get className(): string {
    return 'HostBridgeError';
  }
}
