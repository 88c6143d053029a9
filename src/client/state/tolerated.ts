import { type ErrorCode, LibvirtError } from '../../errors/index.js';

const hasCode = (error: unknown, ...codes: readonly ErrorCode[]): boolean =>
  LibvirtError.is(error) && codes.includes(error.code);

/** Returns nothing when the network does not exist; rethrows other errors. */
export function ifGone(error: unknown): undefined {
  if (hasCode(error, 'NETWORK_NOT_FOUND')) return undefined;
  throw error;
}

/** Returns [] when libvirt does not support this; rethrows other errors. */
export function ifUnsupported(error: unknown): readonly never[] {
  if (hasCode(error, 'UNSUPPORTED', 'CLIENT_TOO_OLD')) return [];
  throw error;
}

/** Returns nothing when the network does not run; rethrows other errors. */
export function ifInactive(error: unknown): undefined {
  if (hasCode(error, 'NETWORK_INACTIVE')) return undefined;
  throw error;
}

/** Returns [] when another program has stopped or removed the network since it was looked at; rethrows other errors. */
export function ifStopped(error: unknown): readonly never[] {
  if (hasCode(error, 'NETWORK_INACTIVE', 'NETWORK_NOT_FOUND')) return [];
  throw error;
}

/** Returns nothing when a guest has unplugged its port since the ports were listed; rethrows other errors. */
export function ifUnplugged(error: unknown): undefined {
  if (hasCode(error, 'NOT_FOUND')) return undefined;
  throw error;
}
