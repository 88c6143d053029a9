/** A single value; a uuid is a text. Whole numbers beyond 53 bits are bigints. */
export type OvsdbAtom = string | number | bigint | boolean;

/**
 * Value of a column: a single one, `undefined` for an optional one that is not set, an array for a set, a `Map` for a map.
 */
export type OvsdbValue = OvsdbAtom | undefined | readonly OvsdbAtom[] | ReadonlyMap<OvsdbAtom, OvsdbAtom>;

/** The pairs of a column that is a map; none where it is something else. */
export const mapOf = (value: OvsdbValue): ReadonlyMap<OvsdbAtom, OvsdbAtom> =>
  value instanceof Map ? value : new Map();

/** A row: its columns by name. `_uuid` has its uuid. */
export type OvsdbRow = Readonly<Record<string, OvsdbValue>>;

/** A row that the same transaction inserts. */
export interface NamedRow {
  /** The `uuidName` of the insert. */
  readonly named: string;
}

/** A single value as it is written; where a uuid belongs, also a row of the same transaction. */
export type OvsdbAtomInput = OvsdbAtom | NamedRow;

/** Value of a column as it is written: what is read, and plain objects for maps. */
export type OvsdbValueInput =
  | OvsdbAtomInput
  | undefined
  | readonly OvsdbAtomInput[]
  | ReadonlyMap<OvsdbAtom, OvsdbAtomInput>
  | Readonly<Record<string, OvsdbAtomInput>>;

/** Columns of a row as they are written. */
export type OvsdbRowInput = Readonly<Record<string, OvsdbValueInput>>;
