import { largest } from '../../lists/largest.js';
import {
  type Box,
  type Drawing,
  heightOfLines,
  type Line,
  pageOf,
  placeLines,
  type Shape,
  shortLine,
} from '../drawing/drawing.js';
import { stacked, stackHeight } from '../drawing/stack.js';
import { type Card, moreCard, PADDING, placeCard } from '../topology/cards.js';
import type { Words } from '../words.js';
import { HOST_WIDTH, hostCard, physicalCard, routerCard } from './cards.js';
import { LANE, MARGIN, type OvnColumns, ovnColumns, PIPE } from './columns.js';
import { describeOvn } from './description.js';
import { encapsulationLabel } from './labels.js';
import { type OvnPanel, ovnPanelOf, ovnPanelWidth, placeOvnPanel } from './panel.js';
import type { OvnNetworkScene, OvnScene } from './scene.js';
import { fabricToPanel, hostToFabric, laneWires } from './wires.js';

/** A network with its router, side by side. */
interface NetworkRow {
  readonly network: OvnNetworkScene;
  readonly router: Card | undefined;
  readonly panel: OvnPanel;
  readonly height: number;
}

/** A card that has its place below others. */
type Placed = readonly [card: Card, y: number];

interface Situation {
  readonly scene: OvnScene;
  readonly columns: OvnColumns;
  readonly words: Words;
  /** The height of the picture without its margins. */
  readonly height: number;
}

/** Guests side by side: two, and three in topologies with many on one network. */
const MANY = 4;

/** The least height of a pipe. */
const LEAST_PIPE = 40;

/** What is known of the surroundings stays together on the first screen of a tall picture. */
const SCREEN = 720;

/**
 * Lays out networks on OVN: physical networks on the left, then the hosts, the tunnels that join them, and the routers and
 * panels of networks. A network is of all hosts: in its panel the guests are in a frame for each host.
 */
export function ovnDrawing(scene: OvnScene, words: Words): Drawing {
  const isMany = scene.networks.some(({ groups }) => groups.reduce((sum, { guests }) => sum + guests.length, 0) > MANY);
  const perRow = isMany ? 3 : 2;
  const columns = ovnColumns(scene, ovnPanelWidth(perRow));
  const rows = scene.networks.map((network) => rowOf(network, perRow, words));
  const more =
    scene.moreNetworks === 0 ? [] : [moreCard(words.moreNetworks(scene.moreNetworks), ovnPanelWidth(perRow))];
  const [physical, hosts] = [scene.physical.map((one) => physicalCard(one, words)), hostCards(scene, words)];
  const height = largest([
    stackHeight([...rows, ...more]),
    captionHeight(scene, words) + largest([stackHeight(physical), stackHeight(hosts), LEAST_PIPE]),
  ]);
  const situation: Situation = { scene, columns, words, height };
  const width = columns.end + MARGIN;
  return {
    width,
    height: height + 2 * MARGIN,
    title: words.ovn.title,
    description: describeOvn(scene, words),
    shapes: [
      pageOf({ width, height: height + 2 * MARGIN }),
      placeFabric(situation),
      ...placeSurroundings(situation, physical, hosts),
      ...placePipes(situation),
      ...placeNetworks(situation, rows, more),
    ],
  };
}

function rowOf(network: OvnNetworkScene, perRow: number, words: Words): NetworkRow {
  const panel = ovnPanelOf(network, perRow, words);
  const router = network.router === undefined ? undefined : routerCard(network.router, words);
  return { network, router, panel, height: Math.max(panel.height, router?.height ?? 0) };
}

/** The hosts, each with room for the wires of its physical networks, then how many there are beyond them. */
function hostCards({ hosts, physical, moreHosts }: OvnScene, words: Words): Card[] {
  const cards = hosts.map((host, i) => {
    const own = hostCard(host, words);
    const wires = physical.filter((one) => one.hosts.includes(i)).length;
    return { ...own, height: Math.max(own.height, (wires + 1) * LANE) };
  });
  return moreHosts === 0 ? cards : [...cards, moreCard(words.ovn.moreHosts(moreHosts), HOST_WIDTH)];
}

/** The physical networks and the hosts, with the wires between them; all are below the caption of the tunnels, which wires would cross. */
function placeSurroundings(
  { scene, columns, words, height }: Situation,
  physical: readonly Card[],
  hosts: readonly Card[],
) {
  const caption = captionHeight(scene, words);
  const screen = Math.min(height - caption, largest([SCREEN, stackHeight(physical), stackHeight(hosts)]));
  const area = { top: MARGIN + caption, height: screen };
  const [networks, machines] = [stacked(physical, area), stacked(hosts, area)];
  return [
    ...lanes(scene, columns, { networks, machines }),
    ...hostWires(scene, columns, machines),
    ...networks.flatMap(([card, y]) => placeCard(card, { x: columns.physical, y })),
    ...machines.flatMap(([card, y]) => placeCard(card, { x: columns.hosts, y })),
  ];
}

interface Surroundings {
  readonly networks: readonly Placed[];
  readonly machines: readonly Placed[];
}

/** The wires from physical networks to the hosts that lead to them. */
function lanes({ physical }: OvnScene, columns: OvnColumns, { networks, machines }: Surroundings): Shape[] {
  const taps = physical.map((network, i) =>
    network.hosts.flatMap((host) => {
      const [card, top] = machines[host] ?? [];
      if (card === undefined || top === undefined) return [];
      const users = physical.flatMap((other, n) => (other.hosts.includes(host) ? n : []));
      return top + (card.height * (users.indexOf(i) + 1)) / (users.length + 1);
    }),
  );
  return networks.flatMap(([{ height }, top], i) => {
    const own = taps[i] ?? [];
    if (own.length === 0) return [];
    const others = taps.filter((_, n) => n !== i).flat();
    return laneWires(columns, { x: columns.lanes + i * LANE, card: { top, height }, taps: own, others });
  });
}

/** Where the pipe of a kind of tunnels is. */
const pipeAt = ({ fabric, fabricEnd }: OvnColumns, number: number, count: number): number =>
  (fabric + fabricEnd) / 2 + (number - (count - 1) / 2) * PIPE;

const PIPE_WIDTH = 12;

/** The wires from hosts to the pipe of their tunnels; a host alone has none. */
function hostWires({ hosts, encapsulations }: OvnScene, columns: OvnColumns, machines: readonly Placed[]): Shape[] {
  return hosts.flatMap(({ encapsulation }, i) => {
    const [card, top] = machines[i] ?? [];
    if (card === undefined || top === undefined) return [];
    const number = encapsulations.indexOf(encapsulation);
    const end = number === -1 ? columns.fabric : pipeAt(columns, number, encapsulations.length);
    return hostToFabric(columns.hosts + HOST_WIDTH, end, top + card.height / 2);
  });
}

/** The head of what joins the hosts. A pipe has its own below. */
function captionLines({ encapsulations }: OvnScene, words: Words): Line[] {
  const room = PIPE;
  const [first] = encapsulations;
  if (first === undefined) return [shortLine('OVN', room, 'badge')];
  const pipe = shortLine(encapsulationLabel(first), room, 'note');
  return [shortLine('OVN', room, 'badge'), shortLine(words.ovn.tunnels, room, 'note', 'muted'), pipe];
}

const captionHeight = (scene: OvnScene, words: Words): number => heightOfLines(captionLines(scene, words)) + PADDING;

/** What joins the hosts. */
function placeFabric({ columns, height }: Situation): Shape {
  const { fabric, fabricEnd } = columns;
  const place = { x: fabric, y: MARGIN, width: fabricEnd - fabric, height };
  return { kind: 'box', ...place, fill: 'core', stroke: 'edge', radius: 8 };
}

/** The tunnels: a pipe for each way to wrap packets, which the wires of hosts end in. */
function placePipes({ scene, columns, words, height }: Situation): Shape[] {
  const { encapsulations } = scene;
  const lines = captionLines(scene, words);
  const [shared, own] = [lines.slice(0, 2), lines.slice(2)];
  const middle = (columns.fabric + columns.fabricEnd) / 2;
  const y = MARGIN + PADDING / 2;
  const top = y + heightOfLines(lines) + 2;
  const pipes = encapsulations.flatMap((encapsulation, i): Shape[] => {
    const x = pipeAt(columns, i, encapsulations.length);
    const label = own.map((line) => ({ ...line, text: encapsulationLabel(encapsulation) }));
    return [
      {
        kind: 'box',
        ...pipeFrom(x, top, MARGIN + height - PADDING),
        fill: 'page',
        stroke: 'edge',
        radius: PIPE_WIDTH / 2,
      },
      ...placeLines(label, { x, y: y + heightOfLines(shared) }, 'middle'),
    ];
  });
  return [...placeLines(shared, { x: middle, y }, 'middle'), ...pipes];
}

const pipeFrom = (x: number, top: number, bottom: number): Box => ({
  x: x - PIPE_WIDTH / 2,
  y: top,
  width: PIPE_WIDTH,
  height: bottom - top,
});

/** The networks below each other, each with its router at its left. */
function placeNetworks({ columns, height }: Situation, rows: readonly NetworkRow[], more: readonly Card[]): Shape[] {
  const area = { top: MARGIN, height };
  return stacked([...rows, ...more], area).flatMap(([item, y]) => {
    if (!('panel' in item)) return placeCard(item, { x: columns.panels, y });
    const { network, router, panel } = item;
    const middle = y + item.height / 2;
    return [
      ...fabricToPanel(columns, middle, { mode: network.mode, hasRouter: router !== undefined }),
      ...(router === undefined ? [] : placeCard(router, { x: columns.routers, y: middle - router.height / 2 })),
      ...placeOvnPanel(panel, { x: columns.panels, y: middle - panel.height / 2 }),
    ];
  });
}
