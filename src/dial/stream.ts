import { once } from 'node:events';
import type { Duplex } from 'node:stream';

/** A stream that can tell whether it keeps the program alive. */
export type Stream = Duplex & { readonly ref?: () => unknown; readonly unref?: () => unknown };

/**
 * Ends a stream, and waits until it is gone.
 *
 * @param end - begins the end
 */
export async function untilGone(stream: Stream, end: () => void): Promise<void> {
  const gone = stream.closed ? undefined : once(stream, 'close');
  end();
  await gone?.catch(() => {}); // an error is an end too
}
