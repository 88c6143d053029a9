import { LibvirtError } from '../errors/index.js';

/** Throws unless two plain values are the same. */
export function same(got: unknown, wanted: unknown, what: string): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`);
}

/** Throws unless a call fails with a code. */
export async function fails(call: Promise<unknown>, code: string): Promise<void> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  same(LibvirtError.is(error) ? error.code : String(error), code, 'the code of the error');
}
