import { SPACE } from '../drawing/stack.js';
import { LAN_WIDTH, NIC_WIDTH } from './cards.js';
import type { TopologyScene } from './scene.js';

/** Horizontal places, from left to right. */
export interface Columns {
  readonly lan: number;
  readonly host: number;
  readonly nic: number;
  readonly core: number;
  readonly coreEnd: number;
  readonly panels: number;
  readonly end: number;
}

export const MARGIN = 16;
const GAP = 28;
export const CORE_WIDTH = 112;

/** Without LANs the host is alone, and a LAN that nothing is known of has no device of the host. */
export function columnsOf({ lans }: TopologyScene, widest: number): Columns {
  const lan = MARGIN;
  const host = lans.length === 0 ? MARGIN : lan + LAN_WIDTH + GAP;
  const nic = host + SPACE;
  const core = lans.some(({ device }) => device !== undefined) ? nic + NIC_WIDTH + GAP : nic;
  const coreEnd = core + CORE_WIDTH;
  const panels = coreEnd + GAP + 8;
  return { lan, host, nic, core, coreEnd, panels, end: panels + widest + SPACE };
}
