import { LibvirtError } from '../../errors/index.js';

/** Takes the absence of a network for an answer; other errors go on. */
export function ifGone(error: unknown): undefined {
  if (LibvirtError.is(error) && error.code === 'NETWORK_NOT_FOUND') return undefined;
  throw error;
}

/** Takes it for nothing that libvirt cannot tell; other errors go on. */
export function ifUnsupported(error: unknown): readonly never[] {
  if (LibvirtError.is(error) && (error.code === 'UNSUPPORTED' || error.code === 'CLIENT_TOO_OLD')) return [];
  throw error;
}
