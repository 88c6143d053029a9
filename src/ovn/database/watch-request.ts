import { isList, kindOfValue } from '../../options/kind-of-value.js';
import { type OptionNames, optionsOf, readable } from '../../options/options.js';
import { isRecord } from '../../schema/values.js';
import type { Json } from '../wire/json.js';
import type { WatchedTable } from './apply-updates.js';
import { invalid } from './encode.js';
import { whereOf } from './encode-operation.js';
import { columnOf, tableOf } from './look-up.js';
import type { OvsdbWhere } from './operations.js';
import type { DatabaseSchema } from './schema.js';

/** Which rows and columns of a table are watched. */
export interface OvsdbWatch {
  /** Default: all columns. */
  readonly columns?: readonly string[] | undefined;
  /** Default: all rows. */
  readonly where?: OvsdbWhere | undefined;
}

const WATCH: OptionNames<OvsdbWatch> = { columns: true, where: true };

/** The tables that are watched, by name. */
export type OvsdbWatches = Readonly<Record<string, OvsdbWatch>>;

/**
 * Returns a copy of what should be watched, each property read once.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT`
 */
export function knownWatches(given: OvsdbWatches): OvsdbWatches {
  if (!isRecord(given))
    throw invalid(
      'replica',
      `needs the tables by name, not ${kindOfValue(given)}`,
      'such as { ACL: {} } for all of a table',
    );
  const names = readable('replica', () => Object.keys(given));
  return Object.fromEntries(
    names.map((name) => [
      name,
      knownWatch(
        readable('replica', () => given[name]),
        name,
      ),
    ]),
  );
}

function knownWatch(given: OvsdbWatch | undefined, table: string): OvsdbWatch {
  const what = `the replica of ${table}`;
  const watch = optionsOf(given ?? {}, WATCH, what);
  const { columns } = watch;
  if (columns !== undefined && !(isList(columns) && columns.every((one) => typeof one === 'string')))
    throw invalid(
      `columns of ${what}`,
      'must be an array of names',
      "such as ['name', 'ports']; leave them out for all",
    );
  return watch;
}

/** A request as one server gets it. */
export interface WatchRequest {
  readonly tables: readonly WatchedTable[];
  readonly params: Json;
}

/**
 * Fits a request to what the database of a server has.
 *
 * @throws {@link LibvirtError} codes `INVALID_ARGUMENT`, and `UNSUPPORTED` for a table or a column that the database does not have
 */
export function watchRequest(watches: OvsdbWatches, schema: DatabaseSchema): WatchRequest {
  const requests = Object.entries(watches).map(([name, watch]) => {
    const { columns, where = 'all' } = watch;
    const table = tableOf(schema, name);
    const watched = {
      name,
      columns: new Map(namesOf(columns, table).map((column) => [column, columnOf(column, table)])),
    };
    return { watched, param: { columns: [...watched.columns.keys()], where: whereOf(where, table) } };
  });
  return {
    tables: requests.map(({ watched }) => watched),
    params: Object.fromEntries(requests.map(({ watched, param }) => [watched.name, [param]])),
  };
}

/** `_uuid` comes with every row, and `_version` cannot be watched. */
const namesOf = (columns: readonly string[] | undefined, table: WatchedTable): readonly string[] =>
  (columns ?? [...table.columns.keys()]).filter((name) => !name.startsWith('_'));
