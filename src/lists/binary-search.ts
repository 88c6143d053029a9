/**
 * Returns the index of the first item that is not below a limit, in a list whose items below it come first; the length
 * of the list when all are below.
 */
export function firstNotBelow<T>(sorted: readonly T[], isBelow: (item: T) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = sorted[middle];
    if (item !== undefined && isBelow(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
