/** Names the kind of a value: `an array`, `null`, or what `typeof` says. */
export function kindOfValue(value: unknown): string {
  if (value === null) return 'null';
  return isList(value) ? 'an array' : typeof value;
}

/** Tells whether a value is an array, also of a proxy that was revoked, for which `Array.isArray` throws. */
export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false; // a revoked proxy is nothing that can be read
  }
}
