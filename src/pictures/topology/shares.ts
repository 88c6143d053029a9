/**
 * Divides the places of a picture among lists: short lists are shown whole, and of the others as many items each as fit.
 *
 * @param lengths - length of each list
 * @param most - places in all
 * @returns how many items of each list are shown, at least one of each; one item alone is never left out, since saying so takes its place
 */
export function shares(lengths: readonly number[], most: number): number[] {
  const each = largestShare(lengths, most);
  return lengths.map((length) => (length <= each + 1 ? length : each));
}

function largestShare(lengths: readonly number[], most: number): number {
  if (lengths.reduce((sum, length) => sum + length, 0) <= most) return most;
  let each = most;
  while (each > 1 && lengths.reduce((sum, length) => sum + Math.min(length, each), 0) > most) each -= 1;
  return each;
}
