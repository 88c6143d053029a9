import type { AnyTable, Field } from '../../src/schema/element.js';
import { isRecord, listOf } from '../../src/schema/values.js';
import type { Random } from '../support/random.js';

/** An object of a document, with the table that says its properties. */
interface Site {
  readonly object: Record<string, unknown>;
  readonly table: AnyTable;
}

/** Every object of a document that a table is for. */
function sitesIn(object: unknown, table: AnyTable): readonly Site[] {
  if (!isRecord(object)) return [];
  const inner = Object.entries(table.fields).flatMap(([key, { place }]) => {
    const below = place.at === 'one' || place.at === 'many' ? place.table() : undefined;
    if (below === undefined) return [];
    return (place.at === 'one' ? [object[key]] : listOf(object[key])).flatMap((item) => sitesIn(item, below));
  });
  return [{ object: object as Record<string, unknown>, table }, ...inner];
}

/** Values of every type of JSON. */
const VALUES: readonly unknown[] = ['x', '24', 5, 1.5, -1, true, false, null, [], {}, ['x'], { x: 1 }];

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);

/** A fault that only the shape of a document decides: whether a text is an address or a name is not part of it. */
type Fault = (random: Random, site: Site) => void;

const FAULTS: readonly Fault[] = [
  // A value of another type, or a word that is not one of a closed set.
  (random, { object, table }) => {
    const keys = Object.keys(object).filter((key) => Object.hasOwn(table.fields, key));
    if (keys.length === 0) return;
    const key = random.pick(keys);
    const field = table.fields[key];
    if (field === undefined) return;
    const others = VALUES.filter((value) => typeOf(value) !== typeOf(object[key]) || isClosed(field));
    object[key] = random.pick(others);
  },
  (random, { object }) => {
    object[random.pick(['colour', 'x-note', 'Name', 'toString'])] = random.pick(VALUES);
  },
  (random, { object, table }) => {
    const required = Object.entries(table.fields).filter(([, { presence }]) => presence === 'required');
    if (required.length > 0) delete object[random.pick(required)[0]];
  },
];

const isClosed = ({ place }: Field<unknown>): boolean =>
  'scalar' in place && place.scalar.values !== undefined && !place.scalar.accepts(true);

/** A copy of a document with one fault of its shape; of every fifth without any. */
export function withShapeFault(random: Random, document: object, table: AnyTable): object {
  const copy = structuredClone(document);
  if (random.chance(0.8)) random.pick(FAULTS)(random, random.pick(sitesIn(copy, table)));
  return copy;
}

/** Every object in plain data. */
const objectsIn = (value: unknown): readonly Record<string, unknown>[] => {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isRecord(value) ? [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsIn)] : [];
};

/** A copy of plain data, in which something is missing, unknown or another value; of every fifth without any. */
export function withAnyFault(random: Random, document: object): object {
  const copy = structuredClone(document);
  if (random.chance(0.2)) return copy;
  const object = random.pick(objectsIn(copy).filter((one) => Object.keys(one).length > 0));
  const key = random.pick(Object.keys(object));
  if (random.chance(0.3)) delete object[key];
  else object[random.chance(0.7) ? key : 'colour'] = random.pick(VALUES);
  return copy;
}
