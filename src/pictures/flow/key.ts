import {
  heightOfLines,
  type Line,
  type Point,
  placeLines,
  type Shape,
  shortLine,
  type TextShape,
  wrappedLines,
} from '../drawing/drawing.js';
import type { Words } from '../words.js';
import { type FlowScene, type NumberedStep, type Place, placeName } from './scene.js';

/** A step in words: its number, its place, and what happens. */
export interface KeyRow {
  readonly step: NumberedStep;
  readonly place: Line;
  readonly lines: readonly Line[];
  readonly height: number;
}

/** Height of a row with one step. */
export const STEP_HEIGHT = 20;
/** Horizontal places in a row. */
const PLACE_X = 26;
const TEXT_X = 156;
const ROW_GAP = 4;

/** The steps of a flow in words; none in languages that have no words for them. */
export function keyRows({ there, back }: FlowScene, width: number, words: Words): KeyRow[] {
  return [...there, ...back].flatMap((place) => place.steps.map((step) => rowOf(step, { place, width, words })));
}

interface RowParts {
  readonly place: Place;
  readonly width: number;
  readonly words: Words;
}

function rowOf(step: NumberedStep, { place, width, words }: RowParts): KeyRow {
  const lines = wrappedLines(words.stepText(step.text), { width: width - TEXT_X, style: 'label', most: 4 });
  return {
    step,
    place: shortLine(placeName(place, words), TEXT_X - PLACE_X - 12, 'badge'),
    lines,
    height: Math.max(STEP_HEIGHT, heightOfLines(lines)) + ROW_GAP,
  };
}

/** Places the rows below each other. */
export function placeKey(rows: readonly KeyRow[], { x, y, gap }: Point & { readonly gap: number }) {
  let top = y;
  const shapes = rows.flatMap(({ step, place, lines, height }) => {
    const row: Shape[] = [
      ...numbered(step, { x: x + 8, y: top + STEP_HEIGHT / 2 - 1 }),
      ...placeLines([place], { x: x + PLACE_X, y: top + 1 }),
      ...placeLines(lines, { x: x + TEXT_X, y: top }),
    ];
    top += height;
    return row;
  });
  return { shapes, bottom: rows.length === 0 ? y : top + gap };
}

/** The number of a step in a circle, in the colour of its way. */
export function numbered({ number, way }: NumberedStep, { x, y }: Point): Shape[] {
  const text: TextShape = {
    kind: 'text',
    x,
    y: y + 4,
    text: String(number),
    style: 'note',
    tone: 'strong',
    anchor: 'middle',
    full: undefined,
  };
  return [{ kind: 'dot', x, y, radius: 9, fill: 'number', stroke: way }, text];
}
