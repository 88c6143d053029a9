import { largest } from '../../lists/largest.js';
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
import { type Card, GUEST_WIDTH, guestCard, moreCard, PADDING, placeCard } from './cards.js';
import { deviceLabel, modeLabel, networkLines } from './labels.js';
import type { NetworkScene } from './scene.js';

/** A network with its switch and guests, before it has its place. */
export interface Panel {
  readonly network: NetworkScene;
  readonly width: number;
  readonly height: number;
  readonly badge: Line;
  readonly lines: readonly Line[];
  /** Rows of guests. */
  readonly rows: readonly (readonly Card[])[];
}

const SPACE = 12;
/** The switch: a bar at the left edge that guests are plugged into. */
const SWITCH = { x: 10, width: 8 };
const INDENT = SWITCH.x + SWITCH.width + 14;
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

export const strokeOf = ({ mode }: NetworkScene): Stroke => STROKES[mode];

export const panelWidth = (perRow: number): number => INDENT + perRow * (GUEST_WIDTH + SPACE);

export function panelOf(network: NetworkScene, perRow: number, words: Words): Panel {
  const width = panelWidth(perRow);
  const room = width - INDENT - SPACE;
  const badge = shortLine(modeLabel(network, words), room / 2, 'badge');
  const nameRoom = room - measureOf('badge')(badge.text) - 3 * SPACE;
  const lines = [
    shortLine(network.name, nameRoom, 'name'),
    shortLine(deviceLabel(network, words), room, 'label', 'muted'),
    ...networkLines(network, words).flatMap((text) => wrappedLines(text, { width: room, style: 'note', most: 3 })),
  ];
  const cards = [
    ...network.guests.map((guest) => guestCard(guest, words)),
    ...(network.more === 0 ? [] : [moreCard(words.more(network.more), GUEST_WIDTH)]),
  ];
  const rows = Array.from({ length: Math.ceil(cards.length / perRow) }, (_, i) =>
    cards.slice(i * perRow, (i + 1) * perRow),
  );
  const guestsHeight = rows.reduce((sum, row) => sum + rowHeight(row) + SPACE, 0);
  return {
    network,
    width,
    height: heightOfLines(lines) + guestsHeight + 2 * PADDING + (rows.length === 0 ? 0 : SPACE / 2),
    badge,
    lines,
    rows,
  };
}

const rowHeight = (row: readonly Card[]): number => largest(row.map(({ height }) => height));

/** The shapes of a panel at a place. */
export function placePanel(panel: Panel, { x, y }: Point): Shape[] {
  const { network, width, height, lines } = panel;
  const stroke = strokeOf(network);
  return [
    { kind: 'box', x, y, width, height, fill: 'panel', stroke, radius: 8 },
    ...placeRows(panel, { x, y: y + PADDING + heightOfLines(lines) + SPACE }),
    {
      kind: 'line',
      points: [
        { x: x + SWITCH.x + SWITCH.width / 2, y: y + PADDING },
        { x: x + SWITCH.x + SWITCH.width / 2, y: y + height - PADDING },
      ],
      stroke,
      isThick: true,
    },
    ...placeLines(lines, { x: x + INDENT, y: y + PADDING }),
    ...placeBadge(panel, { x: x + width - SPACE, y: y + PADDING }),
  ];
}

/** The mode, at the right edge. */
function placeBadge({ badge, network }: Panel, { x: right, y }: Point): Shape[] {
  const width = measureOf('badge')(badge.text) + 2 * SPACE;
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
      stroke: strokeOf(network),
      radius: BADGE_HEIGHT / 2,
    },
    ...(text === undefined ? [] : [text]),
  ];
}

/** The guests, each row on a wire from the switch that the cards cover. */
function placeRows({ rows, network }: Panel, { x, y }: Point): Shape[] {
  let top = y;
  return rows.flatMap((row) => {
    const place = (i: number): Point => ({ x: x + INDENT + i * (GUEST_WIDTH + SPACE), y: top });
    const wire = { x: x + SWITCH.x + SWITCH.width / 2, y: top + 18 };
    const shapes: Shape[] = [
      { kind: 'line', points: [wire, { x: place(row.length - 1).x, y: wire.y }], stroke: strokeOf(network) },
      ...row.flatMap((one, i) => placeCard(one, place(i))),
    ];
    top += rowHeight(row) + SPACE;
    return shapes;
  });
}
