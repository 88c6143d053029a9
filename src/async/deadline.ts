import type { OptionNames } from '../options/options.js';
import { checkSignal, timeoutOf } from '../options/values.js';

/** Returns the options of the next operation of a call, with the time that the call has left. */
export type RemainingTime = () => CallOptions;

/**
 * Spreads the time of one call over its operations, so that all together end in time. Without `timeoutMs` each has the
 * transport's own.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for a time that is not a whole number of milliseconds from 1
 */
export function deadline({ signal, timeoutMs }: CallOptions): RemainingTime {
  checkSignal(signal);
  if (timeoutMs === undefined) return () => ({ signal });
  const end = performance.now() + timeoutOf(timeoutMs);
  // A timer of 0 ms would be one of 1 ms all the same.
  return () => ({ signal, timeoutMs: Math.max(1, Math.ceil(end - performance.now())) });
}

/** Options that every call takes last. */
export interface CallOptions {
  /** Ends the call; it then throws the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Longest time in milliseconds, a whole number from 1. Default: the transport's. */
  readonly timeoutMs?: number | undefined;
}

/** The options that every call takes last. */
export const CALL_OPTIONS: OptionNames<CallOptions> = { signal: true, timeoutMs: true };
