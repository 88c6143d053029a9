import { FAMILIES } from '../text/width.js';
import { type Fill, FONTS, type Stroke, type TextStyle, type Tone } from './drawing.js';

/** The colours of one scheme. Texts have a contrast of at least 4.5 on every area. */
export interface Scheme {
  readonly fills: Readonly<Record<Fill, string>>;
  readonly strokes: Readonly<Record<Stroke, string>>;
  readonly tones: Readonly<Record<Tone, string>>;
}

export const LIGHT: Scheme = {
  fills: {
    page: '#ffffff',
    host: '#f3f5f8',
    panel: '#ffffff',
    guest: '#e9f2fc',
    core: '#e4e8ee',
    lan: '#fdf5e3',
    callout: '#fdf0ee',
    number: '#ffffff',
  },
  strokes: {
    edge: '#6b7683',
    nat: '#0b62c4',
    route: '#1a7f37',
    open: '#8250df',
    isolated: '#6b7683',
    direct: '#a15c00',
    there: '#0b62c4',
    back: '#1a7f37',
    lost: '#c4231c',
    none: 'none',
  },
  tones: { strong: '#1c2128', muted: '#4a5461', good: '#0f5d28', bad: '#a61b14' },
};

export const DARK: Scheme = {
  fills: {
    page: '#14181d',
    host: '#1b2027',
    panel: '#14181d',
    guest: '#1b2c3f',
    core: '#2a313a',
    lan: '#2e2818',
    callout: '#33201e',
    number: '#14181d',
  },
  strokes: {
    edge: '#8b96a3',
    nat: '#6cb0ff',
    route: '#57c97a',
    open: '#b99bff',
    isolated: '#8b96a3',
    direct: '#e0a34a',
    there: '#6cb0ff',
    back: '#57c97a',
    lost: '#ff8a80',
    none: 'none',
  },
  tones: { strong: '#e6edf3', muted: '#b4bfca', good: '#7ee2a0', bad: '#ffaba3' },
};

/** Returns the rules of a picture; `scope` selects the picture alone, since a page may hold several. */
export const styleSheet = (scope: string): string =>
  [
    `${scope}{direction:ltr}`,
    `${scope} path{fill:none}`,
    ...Object.entries(FONTS).map(([style, font]) => `${scope} .${classOf.text(style)}{${fontRule(font)}}`),
    ...colours(scope, LIGHT),
    `@media (prefers-color-scheme:dark){${colours(scope, DARK).join('')}}`,
  ].join('\n');

/** The classes of a picture. */
export const classOf = {
  fill: (fill: string) => `f-${fill}`,
  stroke: (stroke: string) => `s-${stroke}`,
  head: (stroke: string) => `h-${stroke}`,
  text: (style: string) => `t-${style}`,
  tone: (tone: string) => `c-${tone}`,
} as const;

const fontRule = ({ size, weight, family }: (typeof FONTS)[TextStyle]): string =>
  `font:${weight} ${size}px ${FAMILIES[family]}`;

const colours = (scope: string, { fills, strokes, tones }: Scheme): string[] => [
  ...Object.entries(fills).map(([name, colour]) => `${scope} .${classOf.fill(name)}{fill:${colour}}`),
  ...Object.entries(strokes).map(([name, colour]) => `${scope} .${classOf.stroke(name)}{stroke:${colour}}`),
  ...Object.entries(strokes).map(([name, colour]) => `${scope} .${classOf.head(name)}{fill:${colour}}`),
  ...Object.entries(tones).map(([name, colour]) => `${scope} .${classOf.tone(name)}{fill:${colour}}`),
];
