import { LAN_WIDTH } from '../topology/cards.js';
import { HOST_WIDTH, ROUTER_WIDTH } from './cards.js';
import type { OvnScene } from './scene.js';

/** Horizontal places, from left to right. */
export interface OvnColumns {
  readonly physical: number;
  /** The first of the upright wires of physical networks. */
  readonly lanes: number;
  readonly hosts: number;
  /** What joins the hosts. */
  readonly fabric: number;
  readonly fabricEnd: number;
  readonly routers: number;
  readonly panels: number;
  readonly end: number;
}

export const MARGIN = 16;
const GAP = 28;
/** Room between upright wires. */
export const LANE = 12;
/** Room for the pipe of one kind of tunnels. */
export const PIPE = 60;
const FABRIC_WIDTH = 80;

/** What nothing is known of takes no room. */
export function ovnColumns({ physical, hosts, encapsulations, networks }: OvnScene, widest: number): OvnColumns {
  const lanes = physical.length === 0 ? MARGIN : MARGIN + LAN_WIDTH + GAP / 2;
  const firstHost = physical.length === 0 ? MARGIN : lanes + (physical.length - 1) * LANE + GAP;
  const fabric = hosts.length === 0 ? firstHost : firstHost + HOST_WIDTH + GAP;
  const fabricEnd = fabric + Math.max(FABRIC_WIDTH, encapsulations.length * PIPE + 16);
  const routers = fabricEnd + GAP + 8;
  const panels = networks.some(({ router }) => router !== undefined) ? routers + ROUTER_WIDTH + GAP : routers;
  const end = networks.length === 0 ? fabricEnd : panels + widest;
  return { physical: MARGIN, lanes, hosts: firstHost, fabric, fabricEnd, routers, panels, end };
}
