import { caught } from '../support/caught.js';

/** A stream that is read. */
export interface Listening<E> {
  /** What was heard so far. */
  readonly events: readonly E[];
  /** How often nothing is missed from now on. */
  readonly count: () => number;
  /** Ends with the stream; with what it throws. */
  readonly ended: Promise<unknown>;
}

/** Reads a stream; returns when it listens, or has ended. */
export async function listen<E>(stream: (onListening: () => void) => AsyncIterable<E>): Promise<Listening<E>> {
  const events: E[] = [];
  let count = 0;
  let ended: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve) => {
    const onListening = () => {
      count += 1;
      resolve();
    };
    const read = async () => {
      for await (const event of stream(onListening)) events.push(event);
    };
    ended = caught(read()).finally(resolve);
  });
  return { events, count: () => count, ended };
}
