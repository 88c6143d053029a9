import { largest } from '../../lists/largest.js';
import {
  type Drawing,
  heightOfLines,
  type Point,
  pageOf,
  placeLines,
  type Shape,
  shortLine,
} from '../drawing/drawing.js';
import { SPACE, stacked, stackHeight } from '../drawing/stack.js';
import type { Words } from '../words.js';
import { type Card, coreLines, lanCard, moreCard, NIC_WIDTH, nicCard, PADDING, placeCard } from './cards.js';
import { CORE_WIDTH, type Columns, columnsOf, MARGIN } from './columns.js';
import { describeTopology } from './description.js';
import { type Panel, panelOf, panelWidth, placePanel } from './panel.js';
import type { LanScene, TopologyScene } from './scene.js';
import { hostToLan, hostToPanel, lanToHost, nicToPanels } from './wires.js';

/** A LAN, the host's device on it, and the networks whose guests are on it. */
interface LanRow {
  readonly lan: LanScene;
  readonly card: Card;
  readonly nic: Card | undefined;
  readonly panels: readonly Panel[];
  readonly height: number;
}

/** The part of the host that routes: LANs at the left, networks at the right. */
interface Core {
  readonly top: number;
  readonly height: number;
}

/** Guests side by side: two, and three in topologies with many on one network. */
const MANY = 4;

/**
 * Lays out a topology: LANs on the left, then the host's devices on them, the part of the host that routes, and the
 * networks with their guests. Networks on a LAN are in a row with it.
 */
export function topologyDrawing(scene: TopologyScene, words: Words): Drawing {
  const perRow = scene.networks.some(({ guests }) => guests.length > MANY) ? 3 : 2;
  const columns = columnsOf(scene, panelWidth(perRow));
  const panels = scene.networks.map((network) => panelOf(network, perRow, words));
  const rows = scene.lans.map((lan) => rowOf(lan, panels, words));
  const top = MARGIN + PADDING + heightOfLines([shortLine(words.host, NIC_WIDTH, 'name')]) + 4;
  const routed = placeRouted(
    rows.filter((row) => row.panels.length === 0),
    panels,
    { columns, top, words },
  );
  const bridged = placeBridged(
    rows.filter((row) => row.panels.length > 0),
    { columns, core: routed.core },
  );
  const more = placeMore(scene, { columns, top: bridged.bottom, words });
  const height = more.bottom + MARGIN;
  const frame = placeHost(columns, height - MARGIN, words);
  const width = columns.end + MARGIN;
  return {
    width,
    height,
    title: words.topologyTitle,
    description: describeTopology(scene, words),
    shapes: [pageOf({ width, height }), ...frame, ...routed.shapes, ...bridged.shapes, ...more.shapes],
  };
}

function rowOf(lan: LanScene, panels: readonly Panel[], words: Words): LanRow {
  const own = panels.filter(({ network }) => !network.isRouted && network.device === lan.device);
  const card = lanCard(lan, words);
  const nic = lan.device === undefined ? undefined : nicCard(lan, words);
  const height = largest([card.height, nic?.height ?? 0, stackHeight(own)]);
  return { lan, card, nic, panels: own, height };
}

interface Situation {
  readonly columns: Columns;
  readonly top: number;
  readonly words: Words;
}

/** The part that routes, with its LANs and networks centred at its sides. */
function placeRouted(rows: readonly LanRow[], panels: readonly Panel[], { columns, top, words }: Situation) {
  const own = panels.filter(({ network }) => network.isRouted);
  const lines = coreLines(words, CORE_WIDTH - 2 * PADDING);
  const height = largest([stackHeight(rows), stackHeight(own), heightOfLines(lines) + 2 * PADDING]);
  const core: Core = { top, height };
  const shapes: Shape[] = [
    { kind: 'box', x: columns.core, y: top, width: CORE_WIDTH, height, fill: 'core', stroke: 'edge', radius: 8 },
    ...placeLines(lines, { x: columns.core + CORE_WIDTH / 2, y: top + (height - heightOfLines(lines)) / 2 }, 'middle'),
  ];
  for (const [row, y] of stacked(rows, core)) {
    const middle = y + row.height / 2;
    shapes.push(...lanToHost(columns, middle, row.nic !== undefined), ...placeLan(row, columns, middle));
    if (row.nic !== undefined) shapes.push(hostToLan(columns, middle));
  }
  for (const [panel, y] of stacked(own, core))
    shapes.push(
      hostToPanel(columns, y + panel.height / 2, panel.network),
      ...placePanel(panel, { x: columns.panels, y }),
    );
  return { core, shapes };
}

function placeLan({ card, nic }: LanRow, columns: Columns, middle: number): Shape[] {
  const at = (x: number, { height }: Card): Point => ({ x, y: middle - height / 2 });
  return [
    ...placeCard(card, at(columns.lan, card)),
    ...(nic === undefined ? [] : placeCard(nic, at(columns.nic, nic))),
  ];
}

/** LANs with the networks on them, below the part that routes. */
function placeBridged(rows: readonly LanRow[], { columns, core }: { readonly columns: Columns; readonly core: Core }) {
  let bottom = core.top + core.height;
  const shapes: Shape[] = [];
  rows.forEach((row, i) => {
    const area = { top: bottom + SPACE + 4, height: row.height };
    const middle = area.top + area.height / 2;
    const places = stacked(row.panels, area);
    const middles = places.map(([{ height }, y]) => y + height / 2);
    const host = row.lan.host.length === 0 ? undefined : { from: core.top + core.height, lane: i };
    shapes.push(...lanToHost(columns, middle, true), ...nicToPanels(columns, { middle, panels: middles, host }));
    shapes.push(...placeLan(row, columns, middle));
    for (const [panel, y] of places) shapes.push(...placePanel(panel, { x: columns.panels, y }));
    bottom = area.top + area.height;
  });
  return { bottom: bottom + SPACE, shapes };
}

function placeMore({ moreNetworks }: TopologyScene, { columns, top, words }: Situation) {
  if (moreNetworks === 0) return { bottom: top, shapes: [] };
  const card = moreCard(words.moreNetworks(moreNetworks), columns.end - SPACE - columns.panels);
  return { bottom: top + card.height + SPACE, shapes: placeCard(card, { x: columns.panels, y: top }) };
}

/** The frame of the host. */
function placeHost(columns: Columns, bottom: number, words: Words): Shape[] {
  const width = columns.end - columns.host;
  return [
    {
      kind: 'box',
      x: columns.host,
      y: MARGIN,
      width,
      height: bottom - MARGIN,
      fill: 'host',
      stroke: 'edge',
      radius: 10,
    },
    ...placeLines([shortLine(words.host, width - 2 * SPACE, 'name')], { x: columns.nic, y: MARGIN + PADDING }),
  ];
}
