import type { Box, Drawing, LineShape, Point } from '../../src/pictures/drawing/drawing.js';
import { textBox } from '../../src/pictures/drawing/drawing.js';

/** Two areas that have more than an edge in common. */
export const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5 && a.y < b.y + b.height - 0.5 && b.y < a.y + a.height - 0.5;

/** Tells whether an area is inside of another one, edges included. */
export const isInside = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x - 0.5 &&
  inner.y >= outer.y - 0.5 &&
  inner.x + inner.width <= outer.x + outer.width + 0.5 &&
  inner.y + inner.height <= outer.y + outer.height + 0.5;

interface PlacedText {
  readonly text: string;
  readonly area: Box;
}

const textsOf = ({ shapes }: Drawing): PlacedText[] =>
  shapes.flatMap((shape) =>
    shape.kind === 'text' && shape.text !== '' ? { text: shape.text, area: textBox(shape) } : [],
  );

/** Texts of a drawing that lie on each other, or reach out of the picture. */
export function misplacedTexts(drawing: Drawing): string[] {
  const texts = textsOf(drawing);
  const page = { x: 0, y: 0, width: drawing.width, height: drawing.height };
  return texts.flatMap(({ text, area }, i) => {
    const others = texts.slice(i + 1).filter((other) => overlap(area, other.area));
    return [
      ...others.map((other) => `'${text}' is on '${other.text}'`),
      ...(isInside(area, page) ? [] : [`'${text}' is outside of the page`]),
    ];
  });
}

/** Boxes of a drawing of which one is partly on another: each is apart from the others or inside of one. */
export function crossedBoxes({ shapes }: Drawing): string[] {
  const boxes = shapes.flatMap((shape) => (shape.kind === 'box' ? shape : []));
  return boxes.flatMap((box, i) =>
    boxes
      .slice(i + 1)
      .filter((other) => overlap(box, other) && !isInside(other, box))
      .map((other) => `${box.fill} ${JSON.stringify(box)} crosses ${other.fill} ${JSON.stringify(other)}`),
  );
}

/** Texts that reach over the edge of the box that they are in. */
export function spilledTexts(drawing: Drawing): string[] {
  const boxes = drawing.shapes.flatMap((shape) => (shape.kind === 'box' ? shape : []));
  return textsOf(drawing).flatMap(({ text, area }) =>
    boxes.some((one) => overlap(area, one) && !isInside(area, one)) ? [text] : [],
  );
}

/** Lines of a drawing that run along each other, as if they were one. */
export function sharedStretches({ shapes }: Drawing): string[] {
  const stretches = shapes.flatMap((shape) => (shape.kind === 'line' ? stretchesOf(shape) : []));
  return stretches.flatMap((one, i) =>
    stretches
      .slice(i + 1)
      .filter((other) => one.isLevel === other.isLevel && overlap(one.area, other.area))
      .map((other) => `${JSON.stringify(one)} runs along ${JSON.stringify(other)}`),
  );
}

interface Stretch {
  readonly isLevel: boolean;
  readonly area: Box;
}

/** The stretches of a line, which are level or upright. */
function stretchesOf({ points }: LineShape): Stretch[] {
  return points.slice(1).map((to, i) => {
    const from: Point = points[i] ?? to;
    const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
    const [width, height] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
    const isLevel = width > height;
    return { isLevel, area: isLevel ? { x, y: y - 1, width, height: 2 } : { x: x - 1, y, width: 2, height } };
  });
}
