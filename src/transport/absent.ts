import { LibvirtError } from '../errors/index.js';

const ABSENT: ReadonlySet<string> = /* @__PURE__ */ new Set(['CONNECTION_FAILED', 'SOCKET_MISSING', 'SSH_FAILED']);

/** Tells whether an error says that a daemon cannot be reached now: it may not be there yet, or may come back. */
export const isAbsent = (error: unknown): boolean => LibvirtError.is(error) && ABSENT.has(error.code);
