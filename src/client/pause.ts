import { onAbort } from './abort.js';

/** Waits so many milliseconds; an abort ends it with the signal's reason. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  let undo = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(resolve, ms);
      undo = onAbort(signal, () => reject(signal.reason));
    });
  } finally {
    clearTimeout(timer);
    undo();
  }
}
