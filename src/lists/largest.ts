/** Returns the largest of any number of numbers, 0 when there is none. `Math.max` takes only as many as fit into a call. */
export const largest = (numbers: readonly number[]): number => numbers.reduce((most, one) => Math.max(most, one), 0);
