import type { LineShape, Shape } from '../drawing/drawing.js';
import { LAN_WIDTH, NIC_WIDTH } from './cards.js';
import type { Columns } from './columns.js';
import { strokeOf } from './panel-frame.js';
import type { NetworkScene } from './scene.js';

/** The wire from a LAN to the host's device on it, or to the part of the host that routes. */
export const lanToHost = ({ lan, nic, core }: Columns, y: number, hasNic: boolean): Shape[] => [
  {
    kind: 'line',
    points: [
      { x: lan + LAN_WIDTH, y },
      { x: hasNic ? nic : core, y },
    ],
    stroke: 'edge',
    isThick: true,
  },
];

export const hostToLan = ({ nic, core }: Columns, y: number): LineShape => ({
  kind: 'line',
  points: [
    { x: nic + NIC_WIDTH, y },
    { x: core, y },
  ],
  stroke: 'edge',
  isThick: true,
});

/** Where connections may begin: guests of NAT reach out, routed and open networks are reached too, isolated ones do neither. */
const HEADS: Readonly<Partial<Record<NetworkScene['mode'], LineShape['heads']>>> = {
  nat: 'start',
  route: 'both',
  open: 'both',
};

/** The ends of a network's wire that have arrow heads; none for a network whose guests stay among themselves. */
export const headsOf = ({ mode }: Pick<NetworkScene, 'mode'>): LineShape['heads'] => HEADS[mode];

/** The wire from the part of the host that routes to a network; its arrows show who may begin a connection through the host. */
export function hostToPanel({ coreEnd, panels }: Columns, y: number, network: NetworkScene): LineShape {
  const heads = headsOf(network);
  return {
    kind: 'line',
    points: [
      { x: coreEnd + 2, y },
      { x: panels - 2, y },
    ],
    stroke: strokeOf(network),
    isThick: true,
    ...(heads === undefined ? { isDashed: true } : { heads }),
  };
}

interface LanWires {
  readonly middle: number;
  /** Where the networks on the LAN are. */
  readonly panels: readonly number[];
  /** The bottom of the part that routes, where the host has an address on the LAN, and which of its wires it is. */
  readonly host: { readonly from: number; readonly lane: number } | undefined;
}

/** Wires from the host's device to the networks on its LAN, and from the host's own address there. */
export function nicToPanels(columns: Columns, { middle, panels, host }: LanWires): Shape[] {
  const x = columns.coreEnd + 14;
  const trunk = [middle, ...panels];
  const wires: Shape[] = [
    wire([
      { x: columns.nic + NIC_WIDTH, y: middle },
      { x, y: middle },
    ]),
    wire([
      { x, y: Math.min(...trunk) },
      { x, y: Math.max(...trunk) },
    ]),
    ...panels.map((y) =>
      wire([
        { x, y },
        { x: columns.panels, y },
      ]),
    ),
  ];
  if (host === undefined) return wires;
  const lane = columns.core + 12 + ((host.lane * 14) % (columns.coreEnd - columns.core - 24));
  const dot: Shape = { kind: 'dot', x: lane, y: middle, radius: 4, fill: 'core', stroke: 'edge' };
  return [
    ...wires,
    {
      ...wire([
        { x: lane, y: host.from },
        { x: lane, y: middle },
      ]),
      stroke: 'edge',
    },
    dot,
  ];
}

const wire = (points: LineShape['points']): LineShape => ({ kind: 'line', points, stroke: 'direct', isThick: true });
