import type { ErrorCode } from '../errors/index.js';

/** The connection has ended. */
export class Lost extends Error {
  override readonly name = 'Lost';
  /** True if the call was on its way, so that the other side may have carried it out. */
  readonly wasSent: boolean;

  constructor(message: string, wasSent: boolean) {
    super(message);
    this.wasSent = wasSent;
  }
}

/** What else is known of a connection that could not be made. */
export interface NoConnectionDetails {
  /** The code, where the words do not tell it. */
  readonly code?: ErrorCode;
  /** What to do, where the remedy of the code is not enough. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** No connection could be made. */
export class NoConnection extends Error {
  override readonly name = 'NoConnection';
  readonly code: ErrorCode | undefined;
  readonly hint: string | undefined;

  constructor(message: string, { code, hint, cause }: NoConnectionDetails = {}) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }
}
