import { type ErrorCode, LibvirtError } from '../../errors/index.js';

/** How far a change came that failed. */
export interface EnsureFailure {
  readonly network: string;
  /** Names the daemon, without secrets. */
  readonly label: string;
  /** What was being done. */
  readonly step: string;
  /** What is not as it was before; empty when everything is. */
  readonly left: readonly string[];
  /** What came in the way. */
  readonly cause: unknown;
}

/**
 * A network could not be brought to what was wanted. The code is that of what came in the way. What had been done is
 * undone; {@link EnsureError.left} names what could not be. Doing the same again completes it.
 */
export class EnsureError extends LibvirtError {
  /** What was being done. */
  readonly step: string;
  /** What is not as it was before; empty when everything is. */
  readonly left: readonly string[];

  /** @internal */
  constructor({ network, label, step, left, cause }: EnsureFailure) {
    const outcome = left.length === 0 ? 'everything is as it was before' : `left behind: ${left.join('; ')}`;
    super(codeOf(cause), `network "${network}" on ${label}: cannot ${step}: ${reasonOf(cause, label)}; ${outcome}`, {
      cause,
      network,
      hint: LibvirtError.is(cause) ? cause.hint : undefined,
      operation: 'network.ensure',
    });
    this.step = step;
    this.left = left;
  }

  /** Whether something is left behind. */
  get mayHaveChanged(): boolean {
    return this.left.length > 0;
  }

  protected override get className(): string {
    return 'EnsureError';
  }
}

const codeOf = (cause: unknown): ErrorCode => (LibvirtError.is(cause) ? cause.code : 'LIBVIRT');

/** Why, without what the step says already: what could not be done, and on which host. */
function reasonOf(cause: unknown, label: string): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const where = ` on ${label}: `;
  const at = LibvirtError.is(cause) && message.startsWith('cannot ') ? message.indexOf(where) : -1;
  return at === -1 ? message : message.slice(at + where.length);
}
