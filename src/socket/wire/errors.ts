import type { NoConnectionDetails } from '../../dial/errors.js';
import type { ErrorCode } from '../../errors/index.js';

/** libvirt's own refusal. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** Number in `virErrorNumber`. */
  readonly number: number;
  /** The code, where neither the number nor the words tell it. */
  readonly code: ErrorCode | undefined;

  constructor(number: number, message: string, { code, cause }: Omit<NoConnectionDetails, 'hint'> = {}) {
    super(message, { cause });
    this.number = number;
    this.code = code;
  }
}
