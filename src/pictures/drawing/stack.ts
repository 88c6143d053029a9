import type { Box } from './drawing.js';

/** Room between things below each other. */
export const SPACE = 16;

/** What has a height. */
interface Tall {
  readonly height: number;
}

/** The height of things below each other. */
export const stackHeight = (items: readonly Tall[]): number =>
  items.reduce((sum, { height }) => sum + height + SPACE, -SPACE);

/** Things below each other in the middle of an area, each with its upper edge. */
export function stacked<T extends Tall>(
  items: readonly T[],
  { top, height }: { readonly top: number; readonly height: Box['height'] },
): [T, number][] {
  let y = top + Math.max(0, height - stackHeight(items)) / 2;
  return items.map((item) => {
    const place: [T, number] = [item, y];
    y += item.height + SPACE;
    return place;
  });
}
