import { largest } from '../../lists/largest.js';
import type { DotShape, LineShape, Point, Shape } from '../drawing/drawing.js';
import { LAN_WIDTH } from '../topology/cards.js';
import { strokeOf } from '../topology/panel-frame.js';
import { headsOf } from '../topology/wires.js';
import type { NetworkMode } from '../words.js';
import { ROUTER_WIDTH } from './cards.js';
import type { OvnColumns } from './columns.js';

/** Wires of one physical network: from its card to an upright lane, and from there to the hosts that lead to it. */
export interface LaneWires {
  /** Where the lane is. */
  readonly x: number;
  /** The edges of the card. */
  readonly card: { readonly top: number; readonly height: number };
  /** Where its hosts are. */
  readonly taps: readonly number[];
  /** Where hosts of other physical networks are, whose wires must not run into this one. */
  readonly others: readonly number[];
}

export function laneWires(columns: OvnColumns, { x, card, taps, others }: LaneWires): Shape[] {
  const exit = exitOf(card, taps, others);
  const ends = [exit, ...taps];
  const [top, bottom] = [Math.min(...ends), largest(ends)];
  const upright = top === bottom ? [] : [wire({ x, y: top }, { x, y: bottom })];
  const sides = new Set(ends);
  const joints = [...sides].filter((y) => jointsAt(y, { exit, taps, top, bottom }) > 2);
  return [
    wire({ x: columns.physical + LAN_WIDTH, y: exit }, { x, y: exit }),
    ...upright,
    ...taps.map((y) => wire({ x, y }, { x: columns.hosts, y })),
    ...joints.map((y): DotShape => ({ kind: 'dot', x, y, radius: 4, fill: 'core', stroke: 'edge' })),
  ];
}

/** Wires keep this far from each other. */
const APART = 4;

/** Where a wire leaves a card: straight to a host where it can, else as near to the middle as the wires of others let it. */
function exitOf({ top, height }: LaneWires['card'], own: readonly number[], others: readonly number[]): number {
  const middle = top + height / 2;
  const straight = own
    .filter((y) => y > top + APART && y < top + height - APART)
    .sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
  const places = Array.from({ length: Math.floor((height - 2 * APART) / APART) }, (_, i) => {
    const steps = Math.ceil(i / 2) * APART;
    return i % 2 === 0 ? middle + steps : middle - steps;
  });
  return [...straight, ...places].find((y) => others.every((other) => Math.abs(other - y) >= APART)) ?? middle;
}

interface Ends {
  readonly exit: number;
  readonly taps: readonly number[];
  readonly top: number;
  readonly bottom: number;
}

/** How many wires meet at a height of a lane. */
const jointsAt = (y: number, { exit, taps, top, bottom }: Ends): number =>
  [y === exit, taps.includes(y), y > top, y < bottom].filter(Boolean).length;

const wire = (from: Point, to: Point): LineShape => ({
  kind: 'line',
  points: [from, to],
  stroke: 'edge',
  isThick: true,
});

/** The wire from a host to the pipe of its tunnels, or to the edge of what joins the hosts. */
export const hostToFabric = (from: number, to: number, y: number): LineShape => wire({ x: from, y }, { x: to, y });

/** The wires from what joins the hosts to a network, by its router where it has one. */
export function fabricToPanel(columns: OvnColumns, y: number, { mode, hasRouter }: NetworkWire): Shape[] {
  const heads = headsOf({ mode });
  const outer: LineShape = {
    kind: 'line',
    points: [
      { x: columns.fabricEnd + 2, y },
      { x: (hasRouter ? columns.routers : columns.panels) - 2, y },
    ],
    stroke: strokeOf({ mode }),
    isThick: true,
    ...(heads === undefined ? { isDashed: true } : { heads }),
  };
  if (!hasRouter) return [outer];
  const inner = wire({ x: columns.routers + ROUTER_WIDTH, y }, { x: columns.panels, y });
  return [outer, { ...inner, stroke: strokeOf({ mode }) }];
}

interface NetworkWire {
  readonly mode: NetworkMode;
  readonly hasRouter: boolean;
}
