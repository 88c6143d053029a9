import type { CallOptions } from '../../async/deadline.js';
import { sleep } from '../../async/sleep.js';
import type { Subject } from '../../transport/libvirt-error.js';
import { within } from '../../transport/with-deadline.js';

/** Options of the calls that wait for something. */
export interface WaitOptions extends CallOptions {
  /** Longest time in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds between two looks. Default: 1,000, since each costs a process with virsh. */
  readonly everyMs?: number | undefined;
}

/** Default time limit of a wait. */
export const WAIT_MS = 60_000;
const EVERY_MS = 1000;

/**
 * Looks again and again until there is something to be seen.
 *
 * @throws {@link TransportError} code `TIMEOUT`, the signal's reason, or what the look throws
 */
export function poll<T>(
  subject: Subject,
  { signal, timeoutMs = WAIT_MS, everyMs = EVERY_MS }: WaitOptions,
  look: (options: CallOptions) => Promise<T | undefined>,
): Promise<T> {
  return within(subject, { signal, timeoutMs }, async (stop) => {
    for (;;) {
      const seen = await look({ signal: stop.signal });
      if (seen !== undefined) return seen;
      await sleep(everyMs, stop.signal);
    }
  });
}
