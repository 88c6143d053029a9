import { orAbort } from './abort.js';

/**
 * Waits so many milliseconds; an abort ends it with the signal's reason.
 *
 * @param early - ends it before that
 */
export async function sleep(ms: number, signal: AbortSignal, early?: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await orAbort(Promise.race([passed, ...(early === undefined ? [] : [early])]), signal);
  } finally {
    clearTimeout(timer);
  }
}
