/**
 * Looks again until what is seen is as wanted.
 *
 * @throws Error with what was seen last, after 30 seconds
 */
export async function until<T>(look: () => Promise<T>, isWanted: (seen: T) => boolean): Promise<T> {
  const end = performance.now() + 30_000;
  for (;;) {
    const seen = await look();
    if (isWanted(seen)) return seen;
    await new Promise(setImmediate); // what is looked for may come from outside of this program
    if (performance.now() > end) throw new Error(`not as wanted within 30 seconds: ${JSON.stringify(seen)}`);
  }
}
