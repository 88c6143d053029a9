import { type Line, nameLines, shortLine, wrappedLines } from '../drawing/drawing.js';
import { addressLines, type Card, card, LAN_WIDTH, look, PADDING } from '../topology/cards.js';
import type { Words } from '../words.js';
import { gatewaysLabel, machineLabel, placeOutside } from './labels.js';
import type { HostScene, PhysicalScene, RouterScene, WayScene } from './scene.js';

export const HOST_WIDTH = 136;
export const ROUTER_WIDTH = 190;

/** A physical network, and the machine on it. */
export function physicalCard({ name, machines }: PhysicalScene, words: Words): Card {
  const room = LAN_WIDTH - 2 * PADDING;
  const lines = [
    ...nameLines(name, room),
    ...wrappedLines(words.ovn.physicalNetwork, { width: room, style: 'note', tone: 'muted' }),
    ...machines.flatMap((machine) => [
      shortLine(machineLabel(machine, words), room, 'note', 'muted'),
      ...addressLines(machine.addresses, room, words),
    ]),
  ];
  return card(lines, LAN_WIDTH, { ...look('lan', 'direct'), radius: 14 });
}

export function hostCard({ name, address }: HostScene, words: Words): Card {
  const room = HOST_WIDTH - 2 * PADDING;
  const lines = [
    ...nameLines(name, room),
    shortLine(words.host, room, 'note', 'muted'),
    ...addressLines(address === undefined ? [] : [address], room, words),
  ];
  return card(lines, HOST_WIDTH, look('host', 'edge'));
}

/** The router of a network: its addresses inside, and its way outside. */
export function routerCard({ inside, way }: RouterScene, words: Words): Card {
  const room = ROUTER_WIDTH - 2 * PADDING;
  const lines = [
    shortLine(words.ovn.router, room, 'name'),
    ...addressLines(inside, room, words),
    ...(way === undefined ? [] : wayLines(way, room, words)),
  ];
  return card(lines, ROUTER_WIDTH, look('core', 'edge'));
}

/** Lines of the hosts that connect a router; the rest is cut off. */
const MOST_LINES = 4;

const wayLines = (way: WayScene, width: number, words: Words): Line[] => [
  ...wrappedLines(`${words.outside}: ${placeOutside(way)}`, { width, style: 'note', tone: 'muted', most: 2 }),
  ...addressLines(way.addresses, width, words),
  ...way.gateways.flatMap((hop) =>
    wrappedLines(words.ovn.defaultRoute(hop), { width, style: 'note', tone: 'muted', most: 3 }),
  ),
  ...wrappedLines(gatewaysLabel(way, words), { width, style: 'note', most: MOST_LINES }),
];
