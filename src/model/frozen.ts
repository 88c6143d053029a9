/**
 * A deeply frozen copy. Parts that are frozen already are taken as they are: they come from other
 * documents of ours, so that changing one thing of a large network copies little.
 */
export function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const copy: unknown = Array.isArray(value) ? value.map(frozenCopy) : copyOf(value);
  return Object.freeze(copy) as T; // a copy has the type of what it was copied from
}

function copyOf(value: object): object {
  const copy: Record<string, unknown> = Object.create(Object.getPrototypeOf(value) === null ? null : Object.prototype);
  for (const [key, item] of Object.entries(value)) if (item !== undefined) copy[key] = frozenCopy(item);
  return copy;
}
