import { LibvirtError } from '../../src/index.js';

/** What a promise rejects with; nothing when it does not. */
export const caught = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** The error of ours that a call throws. */
export function thrown(call: () => unknown): LibvirtError {
  try {
    call();
  } catch (error) {
    if (LibvirtError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
