import {
  heightOfLines,
  type Line,
  lineHeight,
  measureOf,
  type Point,
  placeLines,
  type Shape,
  type Stroke,
  shortLine,
  wrappedLines,
} from '../drawing/drawing.js';
import type { NetworkMode, Words } from '../words.js';
import { PADDING } from './cards.js';
import { modeLabel } from './labels.js';
import type { NetworkScene } from './scene.js';

/** What the panels of all networks have: the name, the mode and lines below them. */
export interface PanelHead {
  readonly badge: Line;
  readonly lines: readonly Line[];
}

/** The frame of a network before it has its place. */
export interface PanelFrame {
  readonly mode: NetworkMode;
  readonly width: number;
  readonly height: number;
  readonly head: PanelHead;
}

export const PANEL_SPACE = 12;
/** The switch: a bar at the left edge that guests are plugged into. */
const SWITCH = { x: 10, width: 8 };
export const INDENT = SWITCH.x + SWITCH.width + 14;
const BADGE_HEIGHT = 20;

const STROKES: Readonly<Record<NetworkMode, Stroke>> = {
  nat: 'nat',
  route: 'route',
  open: 'open',
  isolated: 'isolated',
  bridge: 'direct',
  ovs: 'direct',
  macvtap: 'direct',
  passthrough: 'direct',
  hostdev: 'direct',
  other: 'isolated',
};

export const strokeOf = ({ mode }: Pick<NetworkScene, 'mode'>): Stroke => STROKES[mode];

/** What the head of a panel says. */
export interface PanelTexts extends Pick<NetworkScene, 'name' | 'mode'>, Partial<Pick<NetworkScene, 'detail'>> {
  readonly notes: readonly Line[];
  /** Lines about the network, wrapped. */
  readonly lines: readonly string[];
}

export function panelHead({ notes, lines, ...network }: PanelTexts, width: number, words: Words): PanelHead {
  const room = roomIn(width);
  const badge = shortLine(modeLabel(network, words), room / 2, 'badge');
  const nameRoom = room - measureOf('badge')(badge.text) - 3 * PANEL_SPACE;
  const others = lines.flatMap((text) => wrappedLines(text, { width: room, style: 'note', most: 3 }));
  return { badge, lines: [shortLine(network.name, nameRoom, 'name'), ...notes, ...others] };
}

/** The width of a panel that is left for its content. */
export const roomIn = (width: number): number => width - INDENT - PANEL_SPACE;

/** The height of a panel; `content` is below the head. */
export const panelHeight = ({ lines }: PanelHead, content: number): number =>
  heightOfLines(lines) + content + 2 * PADDING + (content === 0 ? 0 : PANEL_SPACE / 2);

/** Where the content of a panel begins. */
export const contentTop = ({ head }: PanelFrame, y: number): number =>
  y + PADDING + heightOfLines(head.lines) + PANEL_SPACE;

/** The shapes of a panel at a place. */
export function placeFrame(frame: PanelFrame, { x, y }: Point, content: readonly Shape[]): Shape[] {
  const { width, height, head } = frame;
  const stroke = strokeOf(frame);
  return [
    { kind: 'box', x, y, width, height, fill: 'panel', stroke, radius: 8 },
    ...content,
    {
      kind: 'line',
      points: [
        { x: switchAt(x), y: y + PADDING },
        { x: switchAt(x), y: y + height - PADDING },
      ],
      stroke,
      isThick: true,
    },
    ...placeLines(head.lines, { x: x + INDENT, y: y + PADDING }),
    ...placeBadge(frame, { x: x + width - PANEL_SPACE, y: y + PADDING }),
  ];
}

/** The middle of the switch of a panel. */
export const switchAt = (x: number): number => x + SWITCH.x + SWITCH.width / 2;

/** The mode, at the right edge. */
function placeBadge(frame: PanelFrame, { x: right, y }: Point): Shape[] {
  const { badge } = frame.head;
  const width = measureOf('badge')(badge.text) + 2 * PANEL_SPACE;
  const x = right - width;
  const [text] = placeLines([badge], { x: x + width / 2, y: y + (BADGE_HEIGHT - lineHeight('badge')) / 2 }, 'middle');
  return [
    {
      kind: 'box',
      x,
      y,
      width,
      height: BADGE_HEIGHT,
      fill: 'panel',
      stroke: strokeOf(frame),
      radius: BADGE_HEIGHT / 2,
    },
    ...(text === undefined ? [] : [text]),
  ];
}
