import { LibvirtError } from '../../errors/index.js';

/** Returns nothing when the network does not exist; rethrows other errors. */
export function ifGone(error: unknown): undefined {
  if (LibvirtError.is(error) && error.code === 'NETWORK_NOT_FOUND') return undefined;
  throw error;
}

/** Returns [] when libvirt does not support this; rethrows other errors. */
export function ifUnsupported(error: unknown): readonly never[] {
  if (LibvirtError.is(error) && (error.code === 'UNSUPPORTED' || error.code === 'CLIENT_TOO_OLD')) return [];
  throw error;
}
