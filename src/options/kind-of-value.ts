/** Names the kind of a value for messages: `null`, `an array`, or its type. */
export function kindOfValue(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}
