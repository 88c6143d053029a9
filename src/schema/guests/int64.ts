import type { Scalar } from '../scalar.js';

const INT64 = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|\d+)$/;

/** A signed 64-bit number; text where a `number` would lose digits. */
export const int64: Scalar<number | string> = {
  label: 'integer from -2^63 to 2^63-1',
  range: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  read: (value) => {
    if (!INT64.test(value)) return undefined;
    const digits = value.trim().replace(/^[-+]/, '');
    const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    const exact = value.trim().startsWith('-') ? -size : size;
    if (BigInt.asIntN(64, exact) !== exact) return undefined;
    return Number.isSafeInteger(Number(exact)) ? Number(exact) : String(exact);
  },
  write: String,
  accepts: (value) =>
    typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && /^-?\d{1,19}$/.test(value),
};
