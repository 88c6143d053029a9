import { Fields } from './fields.js';
import type { Json } from './json.js';

/** A server has refused a call or an operation. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** The kind of the refusal in the server's words, such as `constraint violation`. */
  readonly kind: string;
  /** Index of the operation in its transaction; absent for a refused call, and for one that failed when it was committed. */
  readonly index: number | undefined;

  constructor(kind: string, details: string | undefined, index?: number) {
    super(details === undefined || details === '' ? kind : `${kind}: ${details}`);
    this.kind = kind;
    this.index = index;
  }
}

/** Returns the refusal in the error of an answer, which is an object or a text. */
export function refusedIn(error: Json, index?: number): Refused {
  if (typeof error === 'string') return new Refused(error, undefined, index);
  const fields = Fields.of(error, 'an error');
  const details = fields.get('details') ?? fields.get('syntax');
  return new Refused(fields.text('error'), typeof details === 'string' ? details : undefined, index);
}
