import { type ErrorCode, LibvirtError } from '../../errors/index.js';

/** Returns what stands for an error of some codes; rethrows other errors. */
const instead =
  <T>(answer: T, ...codes: readonly ErrorCode[]) =>
  (error: unknown): T => {
    if (LibvirtError.is(error) && codes.includes(error.code)) return answer;
    throw error;
  };

const NONE: readonly never[] = [];

/** Returns nothing when the network does not exist. */
export const ifGone = instead(undefined, 'NETWORK_NOT_FOUND');

/** Returns [] when libvirt does not support this. */
export const ifUnsupported = instead(NONE, 'UNSUPPORTED', 'CLIENT_TOO_OLD');

/** Returns nothing when the network does not run. */
export const ifInactive = instead(undefined, 'NETWORK_INACTIVE');

/** Returns [] when another program has stopped or removed the network since it was looked at. */
export const ifStopped = instead(NONE, 'NETWORK_INACTIVE', 'NETWORK_NOT_FOUND');

/** Returns nothing when a guest has unplugged its port since the ports were listed. */
export const ifUnplugged = instead(undefined, 'NOT_FOUND');
