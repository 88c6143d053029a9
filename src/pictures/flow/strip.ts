import { largest } from '../../lists/largest.js';
import {
  type BoxShape,
  heightOfLines,
  type LineShape,
  nameLines,
  type Point,
  placeLines,
  type Shape,
  type Stroke,
  shortLine,
} from '../drawing/drawing.js';
import type { Words } from '../words.js';
import { numbered, STEP_HEIGHT } from './key.js';
import { type FlowScene, type NumberedStep, type PassedPlace, type PlaceKind, placeName } from './scene.js';

/** Places side by side, which a packet passes from left to right and its answer from right to left. */
export interface Strip {
  readonly places: readonly PassedPlace[];
  readonly lostOn: FlowScene['lostOn'];
  /** Index of the place at which the answer ends; nothing where none passes here. */
  readonly answerEnds: number | undefined;
  /** True for the places of an answer alone. */
  readonly isAnswer: boolean;
}

export const MARGIN = 16;
const BOX_WIDTH = 140;
const GAP = 64;
const PADDING = 10;
/** Room for the cross where a packet is lost. */
const CROSS_ROOM = 44;

export const stripWidth = ({ places, lostOn, isAnswer }: Strip): number =>
  2 * MARGIN + places.length * (BOX_WIDTH + GAP) - GAP + (lostOn === undefined || isAnswer ? 0 : CROSS_ROOM);

/** Vertical places of a strip. */
interface Lanes {
  readonly top: number;
  /** Top of the steps on the way there, and of those of the answer. */
  readonly there: number;
  readonly back: number;
  readonly bottom: number;
}

export function stripOf(strip: Strip, top: number, words: Words): { shapes: Shape[]; bottom: number } {
  const lanes = lanesOf(strip, top, words);
  const boxes = strip.places.flatMap((place, i) => placeShapes(place, { x: xOf(i), lanes, words }));
  return { shapes: [...arrows(strip, lanes, words), ...boxes, ...cross(strip, lanes)], bottom: lanes.bottom };
}

const xOf = (i: number): number => MARGIN + i * (BOX_WIDTH + GAP);

function lanesOf({ places, answerEnds, lostOn, isAnswer }: Strip, top: number, words: Words): Lanes {
  const rows = (steps: (place: PassedPlace) => readonly NumberedStep[]) =>
    largest(places.map((place) => steps(place).length));
  const heads = largest(places.map((place) => heightOfLines(headOf(place, words))));
  const there = top + PADDING + heads + 4;
  const back =
    there +
    (isAnswer
      ? 0
      : Math.max(
          1,
          rows(({ steps }) => steps),
        ) *
          STEP_HEIGHT +
        8);
  const answered = answerEnds !== undefined || lostOn === 'back';
  const bottom =
    back +
    (answered
      ? Math.max(
          1,
          rows(({ answer }) => answer),
        ) *
          STEP_HEIGHT +
        PADDING
      : 4);
  return { top, there, back, bottom };
}

const LOOKS: Readonly<Record<PlaceKind, Pick<BoxShape, 'fill' | 'stroke' | 'radius'>>> = {
  guest: { fill: 'guest', stroke: 'nat', radius: 8 },
  switch: { fill: 'panel', stroke: 'edge', radius: 2 },
  host: { fill: 'core', stroke: 'edge', radius: 2 },
  router: { fill: 'core', stroke: 'edge', radius: 8 },
  chassis: { fill: 'panel', stroke: 'direct', radius: 2 },
  outside: { fill: 'lan', stroke: 'direct', radius: 16 },
};

interface PlaceArea {
  readonly x: number;
  readonly lanes: Lanes;
  readonly words: Words;
}

function placeShapes(place: PassedPlace, { x, lanes, words }: PlaceArea): Shape[] {
  const height = lanes.bottom - lanes.top;
  const steps = (all: readonly NumberedStep[], y: number): Shape[] =>
    all.flatMap((step, i) => {
      const at = { x: x + PADDING + 8, y: y + i * STEP_HEIGHT + STEP_HEIGHT / 2 };
      const word = shortLine(words.steps[step.what], BOX_WIDTH - 2 * PADDING - 22, 'label');
      return [...numbered(step, at), ...placeLines([word], { x: at.x + 14, y: at.y - 9 })];
    });
  return [
    { kind: 'box', x, y: lanes.top, width: BOX_WIDTH, height, ...LOOKS[place.kind] },
    ...placeLines(headOf(place, words), { x: x + BOX_WIDTH / 2, y: lanes.top + PADDING - 2 }, 'middle'),
    ...steps(place.steps, lanes.there),
    ...steps(place.answer, lanes.back),
  ];
}

/** The name of a place, and what it is. */
function headOf(place: PassedPlace, words: Words) {
  const room = BOX_WIDTH - 2 * PADDING;
  const kind = kindWord(place.kind, words);
  const name = nameLines(placeName(place, words), room);
  return [...name, ...(kind === undefined ? [] : [shortLine(kind, room, 'note', 'muted')])];
}

/** What a place is, in words; nothing where its name says it. */
const kindWord = (kind: PlaceKind, words: Words): string | undefined =>
  ({
    ...{ guest: words.guest, switch: words.networkSwitch, router: words.router, chassis: words.chassis },
    ...{ host: undefined, outside: undefined },
  })[kind];

/** Heights of the arrows: beside the first row of steps. */
const arrowY = (lane: number): number => lane + STEP_HEIGHT / 2;

function arrows({ places, answerEnds, isAnswer }: Strip, lanes: Lanes, words: Words): Shape[] {
  const gaps = places.slice(1).map((_, i) => i);
  const there = isAnswer
    ? []
    : gaps.flatMap((i) => arrow(i, { y: arrowY(lanes.there), stroke: 'there', word: words.there }));
  const back =
    answerEnds === undefined
      ? []
      : gaps
          .filter((i) => i >= answerEnds)
          .flatMap((i) => arrow(i, { y: arrowY(lanes.back), stroke: 'back', word: words.back }));
  return [...there, ...back];
}

interface Arrow {
  readonly y: number;
  readonly stroke: 'there' | 'back';
  readonly word: string;
}

/** An arrow in the gap after a place, with a word above it. */
function arrow(i: number, { y, stroke, word }: Arrow): Shape[] {
  const [left, right] = [xOf(i) + BOX_WIDTH + 2, xOf(i + 1) - 2];
  const line: LineShape = {
    kind: 'line',
    points: [
      { x: left, y },
      { x: right, y },
    ],
    stroke,
    isThick: true,
    ...(stroke === 'there' ? { heads: 'end' } : { heads: 'start', isDashed: true }),
  };
  const label = shortLine(word, right - left - 4, 'note', 'muted');
  return [line, ...placeLines([label], { x: (left + right) / 2, y: y - 20 }, 'middle')];
}

/** A red cross at the place where the packet or its answer is lost. */
function cross({ places, lostOn, answerEnds, isAnswer }: Strip, lanes: Lanes): Shape[] {
  if (lostOn === undefined || (isAnswer && lostOn === 'there')) return [];
  if (lostOn === 'there') return crossAt(xOf(places.length - 1) + BOX_WIDTH, arrowY(lanes.there), 1);
  if (answerEnds === undefined) return crossAt(xOf(places.length - 1) + BOX_WIDTH, arrowY(lanes.back), 1);
  return answerEnds === 0 ? crossAt(xOf(0), arrowY(lanes.back), 1) : crossAt(xOf(answerEnds), arrowY(lanes.back), -1);
}

function crossAt(x: number, y: number, side: 1 | -1): Shape[] {
  const [from, end, size] = [x + 2 * side, x + 28 * side, 6];
  const stroke: Stroke = 'lost';
  const line = (a: Point, b: Point): Shape => ({ kind: 'line', points: [a, b], stroke, isThick: true });
  return [
    line({ x: from, y }, { x: end, y }),
    line({ x: end - size, y: y - size }, { x: end + size, y: y + size }),
    line({ x: end - size, y: y + size }, { x: end + size, y: y - size }),
  ];
}
