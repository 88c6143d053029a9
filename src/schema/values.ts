import { namesOf } from '../xml/names-of.js';
import type { XmlElement, XmlNode } from '../xml/node.js';
import { emptyRecord } from '../xml/null-object.js';
import type { Extra } from './element.js';

/** Documents can come from anywhere (JSON, plain JavaScript), so walkers look before they trust. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The properties of a value; none when it is not an object. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

/** The beginning of a text, as much as a message can hold. */
export const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** The items of a value; none when it is not a list. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Tells whether a node has all of its parts, which plain data may lack: an element without `children` would not be printed. */
function isNode(value: unknown): value is XmlNode {
  if (!isRecord(value)) return false;
  if (value['type'] !== 'element') return typeof value['text'] === 'string';
  const { name, attributes } = value;
  const named = typeof name === 'string' && isRecord(attributes) && holdsTexts(attributes);
  return named && Array.isArray(value['children']) && value['children'].every(isNode);
}

/** Tells whether a value is an XML element with all of its parts. */
export const isElementNode = (value: unknown): value is XmlElement => isNode(value) && value.type === 'element';

/** The XML elements of a list. */
export const nodesOf = (value: unknown): readonly XmlElement[] => listOf(value).filter(isElementNode);

const isTextNode = (value: unknown): value is XmlNode => isNode(value) && value.type === 'text';

const holdsTexts = (value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, string>> =>
  namesOf(value).every((name) => typeof value[name] === 'string');

const textRecord = (value: unknown): Readonly<Record<string, string>> | undefined => {
  // Copying the very many attributes that an element can have takes long.
  if (!isRecord(value)) return undefined;
  if (holdsTexts(value)) return value;
  const texts = emptyRecord<string>();
  for (const [key, text] of Object.entries(value)) if (typeof text === 'string') texts[key] = text;
  return texts;
};

/** The kept parts of an element, as far as they have the right shape. */
export function extraOf(value: unknown): Extra | undefined {
  if (!isRecord(value)) return undefined;
  const attributes = textRecord(value['attributes']);
  const inside = isRecord(value['inside']) ? insideOf(value['inside']) : undefined;
  return {
    ...(attributes === undefined ? {} : { attributes }),
    ...(value['elements'] === undefined ? {} : { elements: nodesOf(value['elements']) }),
    ...(inside === undefined ? {} : { inside }),
    ...(value['content'] === undefined
      ? {}
      : { content: listOf(value['content']).filter((node) => isElementNode(node) || isTextNode(node)) }),
  };
}

function insideOf(value: Readonly<Record<string, unknown>>): Readonly<Record<string, Extra>> {
  const inside = emptyRecord<Extra>();
  for (const [key, one] of Object.entries(value)) {
    const extra = extraOf(one);
    if (extra !== undefined) inside[key] = extra;
  }
  return inside;
}

/** Tells whether a value, or anything in it, holds something that was kept in `extra`. */
export function holdsExtra(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsExtra);
  return isRecord(value) && (value['extra'] !== undefined || Object.values(value).some(holdsExtra));
}

/** An object without its undefined properties. */
export function compact<T extends object>(value: T): Compact<T> {
  const kept: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) if (one !== undefined && key !== '__proto__') kept[key] = one;
  return kept as Compact<T>; // the loop above is the proof that the compiler cannot follow
}

/** The type of an object whose undefined properties are gone. */
export type Compact<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
