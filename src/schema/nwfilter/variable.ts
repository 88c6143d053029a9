import { type Scalar, UINT32_MAX } from '../scalar.js';

/** A variable of a filter: `$IP`, `$IP[@1]` (an iterator of its own) or `$IP[2]` (the third value). */
export type FilterVariable = `$${string}`;

/** A number of a filter: decimal, hexadecimal as text, such as `'0x50'`, which libvirt prints as it is, or a variable. */
export type FilterNumber = number | `0x${string}` | FilterVariable;

/** The length of a prefix, or a variable. Netmasks without gaps are read as their length. */
export type FilterPrefix = number | FilterVariable;

/** The highest iterator that libvirt takes: `$IP[@1000]`. */
const MAX_ITERATOR = 1000;

// C takes blanks and a sign in front, and libvirt lets negative numbers wrap around.
const NUMBERS = {
  10: /^[ \t\n\v\f\r]*([+-]?)(\d+)$/,
  16: /^[ \t\n\v\f\r]*([+-]?)(?:0[xX])?([\da-fA-F]+)$/,
} as const;

/** Reads an unsigned number of 32 bits as libvirt does; `undefined` when it refuses the text. */
export function uint32(text: string, base: 10 | 16): number | undefined {
  const [, sign, digits] = NUMBERS[base].exec(text) ?? [];
  if (digits === undefined) return undefined;
  const size = Number.parseInt(digits, base);
  if (size > UINT32_MAX) return undefined;
  return sign === '-' && size > 0 ? UINT32_MAX + 1 - size : size;
}

const ACCESS = /^\$([a-zA-Z0-9_]*)(?:\[[ \t\n\v\f\r]*(@?)([ \t\n\v\f\r]*[+-]?\d+)[ \t\n\v\f\r]*\].*)?$/s;

/** Returns a variable as libvirt prints it; `undefined` for text that is not one. */
export function variableOf(text: string): FilterVariable | undefined {
  const [whole, name, iterator, digits] = ACCESS.exec(text) ?? [];
  if (whole === undefined) return undefined;
  if (digits === undefined) return `$${name}`;
  const number = uint32(digits, 10);
  if (number === undefined) return undefined;
  if (iterator === '') return `$${name}[${number}]`;
  if (number > MAX_ITERATOR) return undefined;
  return number === 0 ? `$${name}` : `$${name}[@${number}]`;
}

/** Tells whether a value is a variable. */
export const isVariable = (value: unknown): value is FilterVariable =>
  typeof value === 'string' && value.startsWith('$') && variableOf(value) !== undefined;

/** Text that is read in a way of its own, or a variable. */
export const textOrVariable = /* @__NO_SIDE_EFFECTS__ */ (
  label: string,
  readValue: (text: string) => string | undefined,
): Scalar<string> => {
  const read = (text: string) => (text.startsWith('$') ? variableOf(text) : readValue(text));
  return {
    label,
    read,
    write: (value) => read(value) ?? value,
    accepts: (value) => typeof value === 'string' && read(value) !== undefined,
  };
};
