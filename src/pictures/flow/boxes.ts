import { largest } from '../../lists/largest.js';
import { clean } from '../text/clean.js';
import { columns, padded } from '../text/columns.js';
import { shorten, wrap } from '../text/fit.js';
import { WIDTH } from '../text/terminal.js';
import type { Words } from '../words.js';
import { type FlowScene, type Place, placeName } from './scene.js';

/**
 * Draws a flow as boxes from left to right: the places that a packet comes to and what happens to it there, then the way
 * of the answer from right to left, and the rule that decides; at most 100 columns wide.
 */
export function flowBoxes({ there, back, verdict, rule }: FlowScene, words: Words): string {
  const end = verdict === 'delivered' || back.length > 0 ? '' : ` --x ${words.verdicts[verdict]}`;
  const answer = back.length === 0 ? '' : draw(back.toReversed(), words, { arrow: '<--', end: '' });
  const judge = rule === undefined ? [] : wrap(`${words.rule}: ${clean(rule)}`, { width: WIDTH, measure: columns });
  return draw(there, words, { arrow: '-->', end }) + answer + judge.map((line) => `${line}\n`).join('');
}

interface Row {
  readonly arrow: string;
  /** What follows the last box. */
  readonly end: string;
}

/** Columns between two boxes, and those that a box takes beside its content. */
const JOINT = 5;
const EDGES = 4;

function draw(places: readonly Place[], words: Words, { arrow, end }: Row): string {
  const height = largest(places.map(({ steps }) => linesOf(steps).length)) + 1;
  const room = Math.floor((WIDTH - columns(end) + JOINT) / Math.max(1, places.length)) - JOINT - EDGES;
  const drawn = places.map((place) => drawBox(place, words, { height, room }));
  const rows = Array.from({ length: height + 2 }, (_, row) => {
    const joint = row === 1 ? ` ${arrow} ` : ' '.repeat(JOINT);
    return `${drawn.map((lines) => lines[row] ?? '').join(joint)}${row === 1 ? end : ''}`.trimEnd();
  });
  return `${rows.join('\n')}\n`;
}

const linesOf = (steps: Place['steps']): Place['steps'] => steps.filter(({ what }) => what !== 'arrive');

interface BoxSize {
  readonly height: number;
  /** Columns for the content at most. */
  readonly room: number;
}

function drawBox(place: Place, words: Words, { height, room }: BoxSize): string[] {
  const lines = [clean(placeName(place, words)), ...linesOf(place.steps).map(({ what }) => words.steps[what])];
  const content = Array.from({ length: height }, (_, i) => shorten(lines[i] ?? '', room, columns));
  const width = largest(content.map(columns));
  const edge = `+${'-'.repeat(width + 2)}+`;
  return [edge, ...content.map((line) => `| ${padded(line, width)} |`), edge];
}
