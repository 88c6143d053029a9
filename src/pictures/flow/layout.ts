import { largest } from '../../lists/largest.js';
import {
  type Drawing,
  heightOfLines,
  type Line,
  pageOf,
  placeLines,
  type Shape,
  shortLine,
  wrappedLines,
} from '../drawing/drawing.js';
import type { Words } from '../words.js';
import { keyRows, placeKey } from './key.js';
import { type FlowScene, waysOf } from './scene.js';
import { MARGIN, type Strip, stripOf, stripWidth } from './strip.js';

/** Width of a picture at least, so that rules and texts have room. */
const NARROWEST = 720;
const SPACE = 12;

/** Lays out a flow: the places with the way there and back, then the verdict, the rule that decides, and the steps in words. */
export function flowDrawing(scene: FlowScene, words: Words): Drawing {
  const { there, answerEnds, elsewhere } = waysOf(scene);
  const strips: Strip[] = [
    { places: there, lostOn: scene.lostOn, answerEnds, isAnswer: false },
    { places: returning(elsewhere), lostOn: scene.lostOn, answerEnds: 0, isAnswer: true },
  ].filter(({ places }) => places.length > 0);
  const width = largest([NARROWEST, ...strips.map(stripWidth)]);
  const parts: Shape[][] = [];
  let y = MARGIN;
  for (const strip of strips) {
    const drawn = stripOf(strip, y, words);
    parts.push(drawn.shapes);
    y = drawn.bottom + 1.5 * SPACE;
  }
  for (const part of [placeVerdict, placeRule, placeSteps]) {
    const drawn = part(scene, { y, width: width - 2 * MARGIN, words });
    parts.push(drawn.shapes);
    y = drawn.bottom;
  }
  const height = y - SPACE + MARGIN;
  return {
    width,
    height,
    title: words.flowTitle(scene.from, scene.to, scene.protocol),
    description: describe(scene, words),
    shapes: [pageOf({ width, height }), ...parts.flat()],
  };
}

/** The places of an answer that takes another way, from left to right as it passes them from right to left. */
const returning = (places: ReturnType<typeof waysOf>['elsewhere']): Strip['places'] =>
  places.toReversed().map((place) => ({ ...place, steps: [], answer: place.steps }));

interface Area {
  readonly y: number;
  readonly width: number;
  readonly words: Words;
}

interface Part {
  readonly shapes: Shape[];
  readonly bottom: number;
}

/** The verdict, and in English its reason. */
function placeVerdict({ verdict, reason }: FlowScene, { y, width, words }: Area): Part {
  const tone = verdict === 'delivered' ? 'good' : 'bad';
  const why = words.reasons ? wrappedLines(reason, { width, style: 'label', most: 4 }) : [];
  const lines: Line[] = [shortLine(words.verdicts[verdict], width, 'name', tone), ...why];
  return { shapes: placeLines(lines, { x: MARGIN, y }), bottom: y + heightOfLines(lines) + SPACE };
}

function placeRule({ rule }: FlowScene, { y, width, words }: Area): Part {
  if (rule === undefined) return { shapes: [], bottom: y };
  const lines = [
    shortLine(words.decidingRule, width - 2 * SPACE, 'badge'),
    ...wrappedLines(rule, { width: width - 2 * SPACE, style: 'code', most: 6 }),
  ];
  const height = heightOfLines(lines) + SPACE;
  return {
    shapes: [
      { kind: 'box', x: MARGIN, y, width, height, fill: 'callout', stroke: 'lost', radius: 6 },
      ...placeLines(lines, { x: MARGIN + SPACE, y: y + SPACE / 2 }),
    ],
    bottom: y + height + SPACE,
  };
}

const placeSteps = (scene: FlowScene, { y, width, words }: Area): Part =>
  placeKey(keyRows(scene, width, words), { x: MARGIN, y, gap: SPACE });

/** What a screen reader says: the verdict, then the places that the packet and its answer pass. */
function describe({ there, back, verdict, reason, rule }: FlowScene, words: Words): string {
  const passed = (places: FlowScene['there']) => places.map(({ at }) => at).join(', ');
  const sentences = [
    words.reasons ? `${words.verdicts[verdict]}: ${reason}` : words.verdicts[verdict],
    ...(rule === undefined ? [] : [`${words.rule}: ${rule}`]),
    `${words.there}: ${passed(there)}`,
    ...(back.length === 0 ? [] : [`${words.back}: ${passed(back)}`]),
  ];
  return `${sentences.join('. ')}.`;
}
