/** From so many on, the names of a record are remembered. */
const MANY = 1000;

const remembered = new WeakMap<object, readonly string[]>();

/**
 * The names of a record's properties. Engines sort them at each look, which for very many takes longer than all that is
 * done with them, so that those of a frozen record are looked at once.
 */
export function namesOf(record: object): readonly string[] {
  const known = remembered.get(record);
  if (known !== undefined) return known;
  const names = Object.keys(record);
  if (names.length >= MANY && Object.isFrozen(record)) remembered.set(record, names);
  return names;
}
