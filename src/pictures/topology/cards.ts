import {
  type BoxShape,
  type Fill,
  heightOfLines,
  type Line,
  nameLines,
  type Point,
  placeLines,
  type Shape,
  type Stroke,
  shortLine,
  wrappedLines,
} from '../drawing/drawing.js';
import type { Words } from '../words.js';
import type { GuestScene } from './guests.js';
import { guestNotes } from './labels.js';
import type { LanScene } from './scene.js';

/** A frame with lines of text in it, before it has its place. */
export interface Card {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Line[];
  readonly look: Pick<BoxShape, 'fill' | 'stroke' | 'radius' | 'isDashed'>;
}

export const PADDING = 10;
export const GUEST_WIDTH = 152;
export const LAN_WIDTH = 156;
export const NIC_WIDTH = 148;

const MOST_ADDRESSES = 3;

export function card(lines: readonly Line[], width: number, look: Card['look']): Card {
  return { width, height: heightOfLines(lines) + 2 * PADDING - 4, lines, look };
}

/** The frame of a card and its text at a place. */
export function placeCard({ lines, width, height, look }: Card, { x, y }: Point): Shape[] {
  const frame: BoxShape = { kind: 'box', x, y, width, height, ...look };
  return [frame, ...placeLines(lines, { x: x + PADDING, y: y + PADDING - 2 })];
}

export const guestCard = (guest: GuestScene, words: Words): Card => {
  const room = GUEST_WIDTH - 2 * PADDING;
  const notes = guestNotes(guest, words).map((note) =>
    shortLine(note, room, 'note', guest.isLinkDown ? 'bad' : 'muted'),
  );
  const lines = [...nameLines(guest.name, room), ...addressLines(guest.addresses, room, words), ...notes];
  return card(lines, GUEST_WIDTH, { ...look('guest', 'nat'), radius: 6, isDashed: guest.isLinkDown });
};

/** Things in rows of a number each. */
export const inRows = <T>(items: readonly T[], perRow: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / perRow) }, (_, i) => items.slice(i * perRow, (i + 1) * perRow));

/** Guests that are not drawn. */
export const moreCard = (text: string, width: number): Card =>
  card(wrappedLines(text, { width: width - 2 * PADDING, style: 'label', tone: 'muted' }), width, {
    ...look('panel', 'edge'),
    isDashed: true,
  });

export function lanCard(lan: LanScene, words: Words): Card {
  const room = LAN_WIDTH - 2 * PADDING;
  const machine =
    lan.outside.length === 0 || lan.device === undefined ? [] : [shortLine(words.outside, room, 'note', 'muted')];
  const lines = [
    shortLine(lan.device === undefined ? words.outside : words.lan, room, 'name'),
    ...machine,
    ...addressLines(lan.outside, room, words),
  ];
  return card(lines, LAN_WIDTH, { ...look('lan', 'direct'), radius: 14 });
}

/** The host's device on a LAN. */
export function nicCard({ device = '', host }: LanScene, words: Words): Card {
  const room = NIC_WIDTH - 2 * PADDING;
  return card([...nameLines(device, room), ...addressLines(host, room, words)], NIC_WIDTH, look('core', 'edge'));
}

export const coreLines = (words: Words, room: number): Line[] => [
  ...words.hostWork.map((work) => shortLine(work, room, 'badge')),
];

/** Addresses of one place: the first ones, and how many more there are. */
export function addressLines(addresses: readonly string[], width: number, words: Words): Line[] {
  const [shown, rest] = [addresses.slice(0, MOST_ADDRESSES), addresses.slice(MOST_ADDRESSES)];
  const lines = shown.flatMap((address) => wrappedLines(address, { width, style: 'code', most: 3 }));
  if (rest.length === 0) return lines;
  const more = shortLine(words.more(rest.length), width, 'note', 'muted');
  return [...lines, { ...more, full: rest.join(', ') }];
}

export const look = (fill: Fill, stroke: Stroke): Card['look'] => ({ fill, stroke, radius: 6 });
