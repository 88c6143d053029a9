import type { ErrorCode } from './codes.js';
import { LIBVIRT_ERROR_DETAILS, LIBVIRT_ERRORS, type LibvirtErrorKind } from './libvirt-errors.js';

/** The meaning of a message of libvirt. */
export interface Meaning {
  /** Our code; `LIBVIRT` for words that have none. */
  readonly code: ErrorCode;
  /** Number in `virErrorNumber`, where the words tell. */
  readonly number?: number;
}

/** Longest prefix first: none of them is the beginning of another by accident. */
const byLength = /* @__PURE__ */ [...LIBVIRT_ERRORS].sort((a, b) => b.prefix.length - a.prefix.length);

const kindOf = (message: string): LibvirtErrorKind | undefined =>
  byLength.find(({ prefix, bare }) => message.startsWith(prefix) || message === bare);

/**
 * Finds the meaning of a message of libvirt by its words in the C locale. It does not guess: words of another
 * language, or of an unknown release, get the code `LIBVIRT`.
 *
 * @param message - libvirt's message as a client gets it, without `error: `
 * @param known - the number in `virErrorNumber`, where libvirt's own protocol gave it
 */
export function meaningOf(message: string, known?: number): Meaning {
  const kind = kindOf(message) ?? LIBVIRT_ERRORS.find(({ number }) => number === known);
  const detail = kind !== undefined && message.startsWith(kind.prefix) ? message.slice(kind.prefix.length) : message;
  const row = LIBVIRT_ERROR_DETAILS.find((one) => one.number === kind?.number && one.detail.test(detail));
  const code = row?.code ?? kind?.code ?? 'LIBVIRT';
  const number = known ?? kind?.number;
  return number === undefined ? { code } : { code, number };
}

/**
 * Tells whether a message of libvirt is in English, so that its words can be understood.
 *
 * @param number - the number in `virErrorNumber`
 */
export function isInEnglish(message: string, number: number): boolean {
  const kind = LIBVIRT_ERRORS.find((one) => one.number === number);
  if (kind !== undefined) return message.startsWith(kind.prefix) || message === kind.bare;
  return LIBVIRT_ERROR_DETAILS.some((one) => one.number === undefined && one.detail.test(message));
}
