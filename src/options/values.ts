import { LibvirtError } from '../errors/index.js';
import { kindOfValue } from './kind-of-value.js';
import { shown } from './shown.js';

/**
 * Checks a text that a program or a daemon gets.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function checkText(name: string, text: string | undefined): void {
  if (text === undefined || (typeof text === 'string' && text !== '' && !/[\0\n]/.test(text))) return;
  throw new LibvirtError('INVALID_ARGUMENT', `${name} is not a text, is empty or has a line break`, {
    hint: `leave ${name} out for the default`,
  });
}

/**
 * Checks a whole number from 1.
 *
 * @param most - the largest number that it may be
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function wholeNumber(name: string, value: number, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  const end = most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`;
  throw new LibvirtError('INVALID_ARGUMENT', `${name} must be a whole number from 1${end}, not ${shown(value)}`, {
    hint: name.endsWith('Ms') ? `pass milliseconds, such as ${name}: 30_000` : `leave ${name} out for the default`,
  });
}

/** The longest delay that a timer can have. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Checks the longest time of a call, in milliseconds.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export const timeoutOf = (ms: number): number => wholeNumber('timeoutMs', ms, LONGEST_MS);

/**
 * Checks the signal of a call; one of another realm counts.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function checkSignal(signal: unknown): void {
  if (signal === undefined) return;
  const isSignal = typeof signal === 'object' && signal !== null && 'addEventListener' in signal && 'aborted' in signal;
  if (isSignal) return;
  throw new LibvirtError('INVALID_ARGUMENT', `signal must be an AbortSignal, not ${kindOfValue(signal)}`, {
    hint: 'pass the signal of an AbortController, or AbortSignal.timeout(...)',
  });
}
