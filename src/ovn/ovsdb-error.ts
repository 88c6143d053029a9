import { type ErrorCode, type ErrorDetails, LibvirtError } from '../errors/index.js';

/** Details of an {@link OvsdbError} beside its message. */
export interface OvsdbErrorDetails extends ErrorDetails {
  /** The kind of the refusal in the server's words. */
  readonly kind: string;
  /** Index of the operation in the transaction. */
  readonly index?: number | undefined;
}

/** An OVSDB server was asked and refused: nothing has changed. */
export class OvsdbError extends LibvirtError {
  /** The kind of the refusal in the server's words, such as `constraint violation` or `timed out`. */
  readonly kind: string;
  /** Index of the operation in the transaction; absent where the call or the transaction as a whole was refused. */
  readonly index: number | undefined;

  /**
   * @param code - one of the closed set of codes
   * @param message - what failed, on what, why
   * @param details - the server's words, hint and operation
   */
  constructor(code: ErrorCode, message: string, details: OvsdbErrorDetails) {
    super(code, message, details);
    this.kind = details.kind;
    this.index = details.index;
  }

  protected override get className(): string {
    return 'OvsdbError';
  }
}
