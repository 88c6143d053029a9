import { largest } from '../../lists/largest.js';
import type { Flow, FlowStep } from './topology.js';

/** A box: a place, and the steps there. */
interface Box {
  readonly at: string;
  readonly lines: string[];
}

/**
 * Draws a flow as boxes from left to right: the places that a packet comes to and what happens to it there, then the way
 * of the answer from right to left.
 *
 * @param flow - of {@link explainFlow}
 */
export function renderFlowDiagram(flow: Flow): string {
  const there = boxesOf(flow.steps.filter(({ way }) => way === 'there'));
  const back = boxesOf(flow.steps.filter(({ way }) => way === 'back'));
  const end = flow.verdict === 'delivered' || back.length > 0 ? undefined : flow.verdict;
  return draw(there, '-->', end) + (back.length === 0 ? '' : draw(back.reverse(), '<--', undefined));
}

/** Steps at one place are one box. */
function boxesOf(steps: readonly FlowStep[]): Box[] {
  const boxes: Box[] = [];
  for (const { at, what } of steps) {
    if (what === 'lost') continue;
    const last = boxes.at(-1);
    const lines = what === 'arrive' ? [] : [what];
    if (last?.at === at) last.lines.push(...lines);
    else boxes.push({ at, lines });
  }
  return boxes;
}

function draw(boxes: readonly Box[], arrow: string, end: string | undefined): string {
  const height = largest(boxes.map(({ lines }) => lines.length)) + 1;
  const drawn = boxes.map((box) => drawBox(box, height));
  const rows = Array.from({ length: height + 2 }, (_, row) => {
    const joint = row === 1 ? ` ${arrow} ` : '     ';
    const stop = row === 1 && end !== undefined ? ` --x ${end}` : '';
    return `${drawn.map((lines) => lines[row] ?? '').join(joint)}${stop}`.trimEnd();
  });
  return `${rows.join('\n')}\n`;
}

function drawBox({ at, lines }: Box, height: number): string[] {
  const content = Array.from({ length: height }, (_, i) => (i === 0 ? at : (lines[i - 1] ?? '')));
  const width = largest(content.map((line) => line.length));
  const edge = `+${'-'.repeat(width + 2)}+`;
  return [edge, ...content.map((line) => `| ${line.padEnd(width)} |`), edge];
}
