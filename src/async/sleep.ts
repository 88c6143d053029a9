import { orAbort } from './abort.js';

/** Waits so many milliseconds; an abort ends it with the signal's reason. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await orAbort(passed, signal);
  } finally {
    clearTimeout(timer);
  }
}
