import { CALL_OPTIONS, type CallOptions } from '../../async/deadline.js';
import { sleep } from '../../async/sleep.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { Subject } from '../../transport/libvirt-error.js';
import { within } from '../../transport/with-deadline.js';

/** Options of the calls that wait for something. */
export interface WaitOptions extends CallOptions {
  /** Longest time in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds between two looks. Default: 1,000, since each costs a process with virsh. */
  readonly everyMs?: number | undefined;
}

const OPTIONS: OptionNames<WaitOptions> = { ...CALL_OPTIONS, everyMs: true };

/** Default time limit of a wait. */
export const WAIT_MS = 60_000;
const EVERY_MS = 1000;

/**
 * Looks again and again until there is something to be seen.
 *
 * @throws {@link TransportError} code `TIMEOUT`, the signal's reason, or what the look throws
 */
export async function poll<T>(
  subject: Subject,
  options: WaitOptions,
  look: (options: CallOptions) => Promise<T | undefined>,
): Promise<T> {
  const { signal, timeoutMs = WAIT_MS, everyMs = EVERY_MS } = optionsOf(options, OPTIONS, 'a wait');
  return within(subject, { signal, timeoutMs }, async (stop) => {
    for (;;) {
      const seen = await look({ signal: stop.signal });
      if (seen !== undefined) return seen;
      await sleep(everyMs, stop.signal);
    }
  });
}
