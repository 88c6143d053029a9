import { isRecord } from '../../schema/values.js';
import { fits, inside, onLines, type Position } from './layout.js';
import { propertyName, quoted } from './text.js';

/** Names up to this length keep a long text on their own line. */
const SHORT_NAME = 4;

/** Plain data as a literal on one line. */
export function flatLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(', ')}]`;
  if (!isRecord(value)) return scalarLiteral(value);
  const entries = Object.entries(value).map(([name, item]) => `${propertyName(name)}: ${flatLiteral(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function scalarLiteral(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'number' ? String(value).replace('e+', 'e') : String(value);
}

/** Tells whether data takes several lines even where one would do: lists of objects are easier to read so. */
export function breaksAnyway(value: unknown): boolean {
  if (Array.isArray(value)) return isTable(value) || value.some(breaksAnyway);
  return isRecord(value) && Object.values(value).some(breaksAnyway);
}

const isTable = (items: readonly unknown[]): boolean =>
  items.length > 1 &&
  (items.every(isRecord) || items.every(Array.isArray)) &&
  items.every((item) => Object.keys(item ?? {}).length > 1);

/** Tells whether data has parts that could stand on lines of their own. */
export const hasParts = (value: unknown): value is object =>
  (isRecord(value) || Array.isArray(value)) && Object.keys(value).length > 0;

/** Plain data as a literal, on one line if it fits. */
export function literal(value: unknown, at: Position): string {
  const flat = flatLiteral(value);
  return !breaksAnyway(value) && fits(flat, at) ? flat : brokenLiteral(value, at);
}

/** Plain data as a literal on several lines, if it has parts. */
export function brokenLiteral(value: unknown, at: Position): string {
  if (!hasParts(value)) return flatLiteral(value);
  if (!Array.isArray(value)) {
    const properties = Object.entries(value).map(([name, item]) => property(name, item, inside(at)));
    return onLines('{', properties, '}', at);
  }
  const items = areNumbers(value) ? filled(value.map(flatLiteral), at) : value.map((item) => literal(item, inside(at)));
  return onLines('[', items, ']', at);
}

function property(name: string, value: unknown, at: Position): string {
  const label = propertyName(name);
  const after = { ...at, column: at.column + label.length + 2 };
  const isLong = typeof value === 'string' && label.length > SHORT_NAME && !fits(flatLiteral(value), after);
  return isLong ? `${label}:\n${' '.repeat(at.indent + 2)}${flatLiteral(value)}` : `${label}: ${literal(value, after)}`;
}

/** Tells whether a list has nothing but numbers, of which many stand on a line. */
export const areNumbers = (items: readonly unknown[]): boolean =>
  items.length > 1 && items.every((item) => typeof item === 'number');

/** Numbers in lines that are as full as can be. */
function filled(items: readonly string[], at: Position): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    const longer = lines.length === 0 ? item : `${lines.pop()}, ${item}`;
    if (fits(longer, inside(at))) lines.push(longer);
    else lines.push(longer.slice(0, -item.length - 2), item);
  }
  return lines;
}
