import type { UpdateCommand } from './request.js';

/** The list with an item put in at its end or its beginning. */
export const added = <T>(list: readonly T[], item: T, command: UpdateCommand): T[] =>
  command === 'add-first' ? [item, ...list] : [...list, item];

/** The list without the item at a place. */
export const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);

/** The places of the items that fit. */
export const placesOf = <T>(list: readonly T[], fits: (item: T) => boolean): number[] =>
  list.flatMap((item, i) => (fits(item) ? [i] : []));
