import { largest } from '../../lists/largest.js';
import { heightOfLines, type Line, type Point, placeLines, type Shape, shortLine } from '../drawing/drawing.js';
import { type Card, GUEST_WIDTH, guestCard, inRows, moreCard, placeCard } from '../topology/cards.js';
import {
  contentTop,
  INDENT,
  PANEL_SPACE,
  type PanelFrame,
  panelHead,
  panelHeight,
  placeFrame,
  strokeOf,
  switchAt,
} from '../topology/panel-frame.js';
import type { Words } from '../words.js';
import type { GroupScene } from './groups.js';
import { groupLabel, subnetLines } from './labels.js';
import type { OvnNetworkScene } from './scene.js';

/** A network with its guests in frames of their hosts, before it has its place. */
export interface OvnPanel extends PanelFrame {
  readonly rows: readonly (readonly Frame[])[];
}

/** The guests of a network on one host, or a card that counts the others. */
interface Frame {
  readonly look: 'host' | 'loose' | 'none';
  readonly title: readonly Line[];
  /** Places for guests side by side. */
  readonly columns: number;
  readonly rows: readonly (readonly Card[])[];
  /** Says how many guests are not drawn. */
  readonly more: readonly Line[];
  readonly height: number;
}

const PADDING = 8;
const PLACE = GUEST_WIDTH + 2 * PADDING;

export const ovnPanelWidth = (perRow: number): number => INDENT + perRow * (PLACE + PANEL_SPACE);

export function ovnPanelOf(network: OvnNetworkScene, perRow: number, words: Words): OvnPanel {
  const width = ovnPanelWidth(perRow);
  const texts = { ...network, notes: [], lines: subnetLines(network, words) };
  const head = panelHead(texts, width, words);
  const more = network.more === 0 ? [] : [frameOf('none', [], [[moreCard(words.more(network.more), GUEST_WIDTH)]])];
  const frames = [...network.groups.map((group) => groupFrame(group, perRow, words)), ...more];
  const rows = packed(frames, perRow);
  const content = rows.reduce((sum, row) => sum + heightOf(row) + PANEL_SPACE, 0);
  return { mode: network.mode, width, height: panelHeight(head, content), head, rows };
}

function groupFrame(group: GroupScene, perRow: number, words: Words): Frame {
  const rows = inRows(
    group.guests.map((guest) => guestCard(guest, words)),
    perRow,
  );
  const room = widthOf(Math.min(group.guests.length, perRow)) - 2 * PADDING;
  const title = shortLine(groupLabel(group, words), room, 'label', group.isPlugged ? 'strong' : 'muted');
  const more = group.more === 0 ? [] : [shortLine(words.more(group.more), room, 'note', 'muted')];
  return frameOf(group.isPlugged ? 'host' : 'loose', [title], rows, more);
}

const widthOf = (columns: number): number => columns * PLACE + (columns - 1) * PANEL_SPACE;

const frameOf = (
  look: Frame['look'],
  title: readonly Line[],
  rows: Frame['rows'],
  more: readonly Line[] = [],
): Frame => ({
  look,
  title,
  columns: largest(rows.map(({ length }) => length)),
  rows,
  more,
  height: heightOfLines([...title, ...more]) + rows.reduce((sum, row) => sum + heightOf(row) + PADDING, 0) + PADDING,
});

const heightOf = (items: readonly { readonly height: number }[]): number => largest(items.map(({ height }) => height));

/** Frames side by side as long as they have room, in their order. */
function packed(frames: readonly Frame[], perRow: number): Frame[][] {
  const rows: Frame[][] = [];
  let room = 0;
  for (const frame of frames) {
    if (frame.columns > room) {
      rows.push([]);
      room = perRow;
    }
    rows.at(-1)?.push(frame);
    room -= frame.columns;
  }
  return rows;
}

/** The shapes of a panel at a place. */
export const placeOvnPanel = (panel: OvnPanel, at: Point): Shape[] =>
  placeFrame(panel, at, placeRows(panel, { x: at.x, y: contentTop(panel, at.y) }));

/** The frames, each row on a wire from the switch that they cover. */
function placeRows({ rows, mode }: OvnPanel, { x, y }: Point): Shape[] {
  let top = y;
  return rows.flatMap((row) => {
    const height = heightOf(row);
    const places = placesOf(row, { x: x + INDENT, y: top });
    const plugged = places.filter(([{ look }]) => look === 'host');
    const [, last] = plugged.at(-1) ?? [];
    const wire = { x: switchAt(x), y: top + 18 };
    const stroke = strokeOf({ mode });
    const wires: Shape[] =
      last === undefined ? [] : [{ kind: 'line', points: [wire, { x: last.x, y: wire.y }], stroke }];
    top += height + PANEL_SPACE;
    return [...wires, ...places.flatMap(([frame, at]) => placeGroup(frame, at, height))];
  });
}

function placesOf(row: readonly Frame[], { x, y }: Point): [Frame, Point][] {
  let left = x;
  return row.map((frame) => {
    const at = { x: left, y };
    left += widthOf(frame.columns) + PANEL_SPACE;
    return [frame, at];
  });
}

/** A frame as tall as its row, with its guests. */
function placeGroup({ look, title, columns, rows, more }: Frame, { x, y }: Point, height: number): Shape[] {
  const frame: Shape = {
    kind: 'box',
    ...{ x, y, width: widthOf(columns), height, radius: 6 },
    fill: look === 'host' ? 'host' : 'panel',
    stroke: 'edge',
    isDashed: look === 'loose',
  };
  let top = y + PADDING + heightOfLines(title);
  const cards = rows.flatMap((row) => {
    const placed = row.flatMap((one, i) => placeCard(one, { x: x + PADDING + i * (PLACE + PANEL_SPACE), y: top }));
    top += heightOf(row) + PADDING;
    return placed;
  });
  return [
    ...(look === 'none' ? [] : [frame]),
    ...placeLines(title, { x: x + PADDING, y: y + PADDING / 2 }),
    ...cards,
    ...placeLines(more, { x: x + PADDING, y: top }),
  ];
}
