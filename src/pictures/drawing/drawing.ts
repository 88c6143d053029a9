import { clean } from '../text/clean.js';
import { shorten, wrap } from '../text/fit.js';
import { type Font, widthOf } from '../text/width.js';

/** A picture as shapes, in pixels from the upper left corner. Later shapes cover earlier ones. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly shapes: readonly Shape[];
}

export type Shape = BoxShape | LineShape | DotShape | TextShape;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** The paper of a picture. */
export const pageOf = ({ width, height }: Pick<Box, 'width' | 'height'>): BoxShape => ({
  kind: 'box',
  x: 0,
  y: 0,
  width,
  height,
  fill: 'page',
  stroke: 'none',
  radius: 0,
});

/** What an area is; its colours are in the style. */
export type Fill = 'page' | 'host' | 'panel' | 'guest' | 'core' | 'lan' | 'callout' | 'number';

/** What a line is about; its colours are in the style. */
export type Stroke = 'edge' | 'nat' | 'route' | 'open' | 'isolated' | 'direct' | 'there' | 'back' | 'lost' | 'none';

export interface BoxShape extends Box {
  readonly kind: 'box';
  readonly fill: Fill;
  readonly stroke: Stroke;
  readonly radius: number;
  readonly isDashed?: boolean;
}

export interface LineShape {
  readonly kind: 'line';
  readonly points: readonly Point[];
  readonly stroke: Stroke;
  readonly isDashed?: boolean;
  readonly isThick?: boolean;
  /** Ends with an arrow head. */
  readonly heads?: 'start' | 'end' | 'both';
}

export interface DotShape extends Point {
  readonly kind: 'dot';
  readonly radius: number;
  readonly fill: Fill;
  readonly stroke: Stroke;
}

export type TextStyle = 'name' | 'label' | 'note' | 'code' | 'badge';
export type Tone = 'strong' | 'muted' | 'good' | 'bad';

/** A line of text; `y` is its baseline. */
export interface TextShape extends Point {
  readonly kind: 'text';
  readonly text: string;
  readonly style: TextStyle;
  readonly tone: Tone;
  readonly anchor: 'start' | 'middle';
  /** The whole text, where the line is only a part of it. */
  readonly full: string | undefined;
}

export const FONTS: Readonly<Record<TextStyle, Font>> = {
  name: { size: 14, weight: 'bold', family: 'sans' },
  label: { size: 12, weight: 'normal', family: 'sans' },
  note: { size: 11, weight: 'normal', family: 'sans' },
  code: { size: 11, weight: 'normal', family: 'mono' },
  badge: { size: 11, weight: 'bold', family: 'sans' },
};

/** Height of a line, and of its part above the baseline, in parts of the size. */
export const LINE_HEIGHT = 1.45;
export const ASCENT = 1.1;

export const measureOf = (style: TextStyle) => (text: string) => widthOf(text, FONTS[style]);

export const lineHeight = (style: TextStyle): number => Math.ceil(FONTS[style].size * LINE_HEIGHT);

/** The area that a line of text covers at most. */
export function textBox({ x, y, text, style, anchor }: TextShape): Box {
  const width = widthOf(text, FONTS[style]);
  return {
    x: anchor === 'middle' ? x - width / 2 : x,
    y: y - FONTS[style].size * ASCENT,
    width,
    height: lineHeight(style),
  };
}

/** A line of a block of text before it has its place. */
export interface Line {
  readonly text: string;
  readonly style: TextStyle;
  readonly tone: Tone;
  readonly full: string | undefined;
}

/** One line, shortened to a width. */
export function shortLine(given: string, width: number, style: TextStyle, tone: Tone = 'strong'): Line {
  const whole = clean(given);
  const text = shorten(whole, width, measureOf(style));
  return { text, style, tone, full: text === whole ? undefined : whole };
}

/** How a text is broken into lines. */
export interface LineOptions {
  readonly width: number;
  readonly style: TextStyle;
  readonly tone?: Tone;
  /** Lines at most. Default: as many as the text needs. */
  readonly most?: number;
}

/** A text on as many lines as it needs. */
export function wrappedLines(given: string, { width, style, tone = 'strong', most }: LineOptions): Line[] {
  const whole = clean(given);
  const limit = most === undefined ? {} : { lines: most };
  const lines = wrap(whole, { width, measure: measureOf(style), ...limit });
  const isCut = most !== undefined && lines.at(-1)?.endsWith('\u2026') === true;
  return lines.map((text) => ({ text, style, tone, full: isCut ? whole : undefined }));
}

/** A name on two lines at most. */
export const nameLines = (name: string, width: number): Line[] => wrappedLines(name, { width, style: 'name', most: 2 });

export const heightOfLines = (lines: readonly Line[]): number =>
  lines.reduce((sum, { style }) => sum + lineHeight(style), 0);

/** Sets lines below each other, the first one at the top of a place. */
export function placeLines(
  lines: readonly Line[],
  { x, y }: Point,
  anchor: TextShape['anchor'] = 'start',
): TextShape[] {
  let top = y;
  return lines.map((line) => {
    const baseline = Math.round(top + FONTS[line.style].size * ASCENT);
    top += lineHeight(line.style);
    return { kind: 'text', x, y: baseline, anchor, ...line };
  });
}
