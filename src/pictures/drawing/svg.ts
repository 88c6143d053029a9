import { shortHash } from '../../model/names.js';
import { clean } from '../text/clean.js';
import { isGuess } from '../text/width.js';
import {
  type BoxShape,
  type DotShape,
  type Drawing,
  FONTS,
  type LineShape,
  type Point,
  type Shape,
  type TextShape,
  textBox,
} from './drawing.js';
import { classOf, styleSheet } from './style.js';

/**
 * Prints a drawing as SVG 1.1 without scripts, external fonts or images. Its colours follow the reader's scheme, and screen
 * readers get its title and description. The identifiers come from the content, so that pictures on one page do not clash.
 */
export function svgOf({ width, height, title, description, shapes }: Drawing): string {
  const content = shapes.map(shapeElement).join('\n');
  const id = `net-${shortHash(`${title}\n${description}\n${content}`)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" id="${id}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc" style="max-width:100%;height:auto">`,
    `<title id="${id}-title">${escaped(title)}</title>`,
    `<desc id="${id}-desc">${escaped(description)}</desc>`,
    `<style>\n${styleSheet(`#${id}`)}\n</style>`,
    content,
    '</svg>',
    '',
  ].join('\n');
}

function shapeElement(shape: Shape): string {
  switch (shape.kind) {
    case 'box':
      return boxElement(shape);
    case 'line':
      return lineElement(shape);
    case 'dot':
      return dotElement(shape);
    case 'text':
      return textElement(shape);
  }
}

const DASHES = ' stroke-dasharray="5 4"';

const boxElement = ({ x, y, width, height, radius, fill, stroke, isDashed }: BoxShape): string =>
  `<rect class="${classOf.fill(fill)} ${classOf.stroke(stroke)}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"${isDashed ? DASHES : ''}/>`;

const dotElement = ({ x, y, radius, fill, stroke }: DotShape): string =>
  `<circle class="${classOf.fill(fill)} ${classOf.stroke(stroke)}" cx="${round(x)}" cy="${round(y)}" r="${radius}"/>`;

function lineElement({ points, stroke, isDashed, isThick, heads }: LineShape): string {
  const way = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
  const [first, second] = points;
  const [end, before] = [points.at(-1), points.at(-2)];
  const atStart = heads === 'start' || heads === 'both' ? headElement(first, second, stroke) : '';
  const atEnd = heads === 'end' || heads === 'both' ? headElement(end, before, stroke) : '';
  return `<path class="${classOf.stroke(stroke)}" d="${way}" stroke-width="${isThick ? 2.5 : 1.5}"${isDashed ? DASHES : ''}/>${atStart}${atEnd}`;
}

const HEAD = { length: 8, half: 4 } as const;

/** A triangle at the end of a line that is level or upright. */
function headElement(tip: Point | undefined, from: Point | undefined, stroke: string): string {
  if (tip === undefined || from === undefined) return '';
  const [dx, dy] = [Math.sign(tip.x - from.x), Math.sign(tip.y - from.y)];
  const base = { x: tip.x - dx * HEAD.length, y: tip.y - dy * HEAD.length };
  const corners = [
    tip,
    { x: base.x - dy * HEAD.half, y: base.y + dx * HEAD.half },
    { x: base.x + dy * HEAD.half, y: base.y - dx * HEAD.half },
  ];
  const points = corners.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ');
  return `<polygon class="${classOf.head(stroke)}" points="${points}"/>`;
}

function textElement(shape: TextShape): string {
  const { x, y, text, style, tone, anchor, full } = shape;
  if (text === '') return '';
  const squeezed = isGuess(text) ? squeeze(shape) : '';
  const middle = anchor === 'middle' ? ' text-anchor="middle"' : '';
  const title = full === undefined ? '' : `<title>${escaped(full)}</title>`;
  return `<text class="${classOf.text(style)} ${classOf.tone(tone)}" x="${round(x)}" y="${round(y)}"${middle}${squeezed}>${title}${escaped(text)}</text>`;
}

/**
 * Where the size of letters is a guess, the browser squeezes them into their width, and draws them smaller, since fonts of rare
 * scripts are taller than others: nothing else keeps them off their neighbours.
 */
const squeeze = (shape: TextShape): string =>
  ` textLength="${round(textBox(shape).width)}" lengthAdjust="spacingAndGlyphs" style="font-size:${round(FONTS[shape.style].size * 0.8)}px"`;

const round = (number: number): number => Math.round(number * 10) / 10;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => clean(text).replace(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter);
