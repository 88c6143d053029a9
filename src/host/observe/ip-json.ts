/** An object whose properties are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects of a list; what is no list, and what in it is no object, is passed over. */
export const objects = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** A property that is an object; else an empty one. */
export const object = (fields: Fields, name: string): Fields => {
  const value = fields[name];
  return isFields(value) ? value : {};
};

/** A property that is text. */
export const text = (fields: Fields, name: string): string | undefined => {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
};

/** A property that is a number. */
export const number = (fields: Fields, name: string): number | undefined => {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
};

/** The texts of a property that is a list. */
export const texts = (fields: Fields, name: string): readonly string[] => {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};

/** The objects of a JSON text; none for text that is no JSON, as programs print when they fail. */
export function parseObjects(source: string): readonly Fields[] {
  try {
    return objects(JSON.parse(source));
  } catch {
    return [];
  }
}
