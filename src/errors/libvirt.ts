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
 */
export function meaningOf(message: string): Meaning {
  const kind = kindOf(message);
  const detail = kind === undefined ? message : message.slice(kind.prefix.length);
  const known = LIBVIRT_ERROR_DETAILS.find((row) => row.number === kind?.number && row.detail.test(detail));
  const code = known?.code ?? kind?.code ?? 'LIBVIRT';
  return kind === undefined ? { code } : { code, number: kind.number };
}
