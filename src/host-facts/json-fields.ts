import { isRecord, listOf, recordOf } from '../schema/values.js';

/** An object of a JSON text, whose properties are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The objects of a list; other values, in it and for it, are passed over. */
export const recordsIn = (value: unknown): readonly Fields[] => listOf(value).filter(isRecord);

/** A property that is an object; else an empty one. */
export const fieldsAt = (fields: Fields, name: string): Fields => recordOf(fields[name]);

/** A property that is text. */
export function textAt(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

/** A property that is a number. */
export function numberAt(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
}

/** The texts of a property that is a list. */
export const textsAt = (fields: Fields, name: string): readonly string[] =>
  listOf(fields[name]).filter((item) => typeof item === 'string');

/** The object that a JSON text holds; nothing for other text, such as a file that somebody has broken. */
export function parseRecord(source: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(source);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
