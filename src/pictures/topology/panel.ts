import { largest } from '../../lists/largest.js';
import { type Point, type Shape, shortLine } from '../drawing/drawing.js';
import type { Words } from '../words.js';
import { type Card, GUEST_WIDTH, guestCard, inRows, moreCard, placeCard } from './cards.js';
import { deviceLabel, networkLines } from './labels.js';
import {
  contentTop,
  INDENT,
  PANEL_SPACE,
  type PanelFrame,
  panelHead,
  panelHeight,
  placeFrame,
  roomIn,
  strokeOf,
  switchAt,
} from './panel-frame.js';
import type { NetworkScene } from './scene.js';

/** A network with its switch and guests, before it has its place. */
export interface Panel extends PanelFrame {
  readonly network: NetworkScene;
  /** Rows of guests. */
  readonly rows: readonly (readonly Card[])[];
}

export const panelWidth = (perRow: number): number => INDENT + perRow * (GUEST_WIDTH + PANEL_SPACE);

export function panelOf(network: NetworkScene, perRow: number, words: Words): Panel {
  const width = panelWidth(perRow);
  const notes = [shortLine(deviceLabel(network, words), roomIn(width), 'label', 'muted')];
  const head = panelHead({ ...network, notes, lines: networkLines(network, words) }, width, words);
  const cards = [
    ...network.guests.map((guest) => guestCard(guest, words)),
    ...(network.more === 0 ? [] : [moreCard(words.more(network.more), GUEST_WIDTH)]),
  ];
  const rows = inRows(cards, perRow);
  const content = rows.reduce((sum, row) => sum + rowHeight(row) + PANEL_SPACE, 0);
  return { network, mode: network.mode, width, height: panelHeight(head, content), head, rows };
}

const rowHeight = (row: readonly Card[]): number => largest(row.map(({ height }) => height));

/** The shapes of a panel at a place. */
export const placePanel = (panel: Panel, at: Point): Shape[] =>
  placeFrame(panel, at, placeRows(panel, { x: at.x, y: contentTop(panel, at.y) }));

/** The guests, each row on a wire from the switch that the cards cover. */
function placeRows({ rows, network }: Panel, { x, y }: Point): Shape[] {
  let top = y;
  return rows.flatMap((row) => {
    const place = (i: number): Point => ({ x: x + INDENT + i * (GUEST_WIDTH + PANEL_SPACE), y: top });
    const wire = { x: switchAt(x), y: top + 18 };
    const shapes: Shape[] = [
      { kind: 'line', points: [wire, { x: place(row.length - 1).x, y: wire.y }], stroke: strokeOf(network) },
      ...row.flatMap((one, i) => placeCard(one, place(i))),
    ];
    top += rowHeight(row) + PANEL_SPACE;
    return shapes;
  });
}
