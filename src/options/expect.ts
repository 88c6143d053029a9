import { LibvirtError } from '../errors/index.js';
import { kindOfValue } from './kind-of-value.js';

export const invalid = (message: string, hint: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', message, { hint });

/** Returns an optional list, empty where it is absent. */
export const listOf = (value: unknown, place: string): readonly unknown[] =>
  value === undefined ? [] : expectList(value, place);

/** Returns a list that must be there. */
export function expectList(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(`${place} must be an array, not ${kindOfValue(value)}`, 'put it in brackets');
}

/** Returns the properties of an object. */
export function expectRecord(value: unknown, place: string, hint: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw invalid(`${place} must be an object, not ${kindOfValue(value)}`, hint);
}

export function expectText(value: unknown, place: string): void {
  if (typeof value !== 'string')
    throw invalid(`${place} must be a string, not ${kindOfValue(value)}`, 'pass its name as text');
}
