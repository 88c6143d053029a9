import type { Json } from '../wire/json.js';

/** What the mock refuses, in a server's words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** Such as `constraint violation`. */
  readonly kind: string;

  constructor(kind: string, details: string) {
    super(details);
    this.kind = kind;
  }

  /** The refusal as the protocol has it. */
  get json(): Json {
    return { error: this.kind, details: this.message };
  }
}

/** A value that a column cannot have. */
export const violation = (details: string): Refusal => new Refusal('constraint violation', details);
