import type { OvnRow } from '../../ovn-model/rows.js';
import { isRecord } from '../../schema/values.js';

/** A column that is a text; empty where the row does not have it. */
export function textIn({ columns }: OvnRow, name: string): string {
  const value = columns[name];
  return typeof value === 'string' ? value : '';
}

/** A column that is a list of texts. */
export function textsIn({ columns }: OvnRow, name: string): readonly string[] {
  const value = columns[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A column that maps texts to texts. */
export function pairsIn({ columns }: OvnRow, name: string): readonly (readonly [string, string])[] {
  const value = columns[name];
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : []));
}

/** The rows that a column refers to, by their keys. */
export function keysIn({ columns }: OvnRow, name: string): readonly string[] {
  const value = columns[name];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => (isRecord(item) && typeof item['named'] === 'string' ? [item['named']] : []));
}
