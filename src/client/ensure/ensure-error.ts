import { type ErrorCode, LibvirtError } from '../../errors/index.js';

/** Details of a failed change. */
export interface EnsureFailure {
  readonly network: string;
  /** Names the daemon, without secrets. */
  readonly label: string;
  /** The step that failed. */
  readonly step: string;
  /** Changes that could not be rolled back; empty when there are none. */
  readonly left: readonly string[];
  /** True if another program has changed the network since. */
  readonly overtaken: boolean;
  /** The error that caused the failure. */
  readonly cause: unknown;
}

/**
 * A network could not be brought to its desired state. The code is that of the failure. Earlier steps are rolled back; {@link EnsureError.left} names those that could not be. Calling `ensure` again completes the change.
 */
export class EnsureError extends LibvirtError {
  /** The step that failed. */
  readonly step: string;
  /** Changes that could not be rolled back; empty when there are none. */
  readonly left: readonly string[];
  /** True if another program has changed the network at the same time: nothing was rolled back then, because that would destroy what that program did. */
  readonly overtaken: boolean;

  /** @internal */
  constructor({ network, label, step, left, overtaken, cause }: EnsureFailure) {
    const outcome = left.length === 0 ? 'all changes were rolled back' : describeLeft(left, overtaken);
    super(codeOf(cause), `network "${network}" on ${label}: cannot ${step}: ${reasonOf(cause, label)}; ${outcome}`, {
      cause,
      network,
      hint: LibvirtError.is(cause) ? cause.hint : undefined,
      operation: 'network.ensure',
    });
    this.step = step;
    this.left = left;
    this.overtaken = overtaken;
  }

  /** True if some changes could not be rolled back. */
  get mayHaveChanged(): boolean {
    return this.left.length > 0;
  }

  protected override get className(): string {
    return 'EnsureError';
  }
}

const describeLeft = (left: readonly string[], overtaken: boolean): string =>
  overtaken
    ? `another program has changed the network since, so nothing was rolled back: ${left.join('; ')}`
    : `could not be rolled back: ${left.join('; ')}`;

const codeOf = (cause: unknown): ErrorCode => (LibvirtError.is(cause) ? cause.code : 'LIBVIRT');

/** Why, without what the step says already: what could not be done, and on which host. */
function reasonOf(cause: unknown, label: string): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const where = ` on ${label}: `;
  const at = LibvirtError.is(cause) && message.startsWith('cannot ') ? message.indexOf(where) : -1;
  return at === -1 ? message : message.slice(at + where.length);
}
