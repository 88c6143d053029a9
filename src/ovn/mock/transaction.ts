import type { OvsdbRow } from '../../ovn-model/values.js';
import { defaultOf } from '../database/decode.js';
import { encodeValue } from '../database/encode.js';
import { Fields, listOf } from '../wire/fields.js';
import type { Json } from '../wire/json.js';
import { finish } from './commit.js';
import { conditionOf } from './conditions.js';
import { type Contents, Draft, type RowUpdate } from './contents.js';
import { isEqual } from './items.js';
import { mutationOf } from './mutate.js';
import { columnOf, readRow } from './read-values.js';
import { Refusal } from './refusal.js';
import { type MockTable, TABLES } from './tables.js';

/** What a transaction leads to. */
export interface Outcome {
  /** The answer: a result for each operation, and the error that ended it. */
  readonly results: readonly Json[];
  /** The database afterwards. */
  readonly contents: Contents;
  readonly updates: readonly RowUpdate[];
}

/**
 * Carries out a transaction: all of it, or nothing. A `wait` looks once, however long it may wait. Source: RFC 7047, section 4.1.3.
 *
 * @param holds - tells whether the client holds a lock
 */
export function transact(before: Contents, operations: readonly Json[], holds: (lock: string) => boolean): Outcome {
  const transaction = new Transaction(before, holds);
  const results: Json[] = [];
  try {
    transaction.name(operations);
    for (const operation of operations) results.push(transaction.take(Fields.of(operation, 'an operation')));
    return { results, ...transaction.commit() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const rest = operations.slice(results.length + 1).map(() => null);
    return { results: [...results, error.json, ...rest], contents: before, updates: [] };
  }
}

class Transaction {
  readonly #draft: Draft;
  readonly #holds: (lock: string) => boolean;
  readonly #named = new Map<string, string>();

  constructor(before: Contents, holds: (lock: string) => boolean) {
    this.#draft = new Draft(before);
    this.#holds = holds;
  }

  /** Gives the rows that are inserted their uuids: they may be referred to before. */
  name(operations: readonly Json[]): void {
    for (const operation of operations) {
      const name = Fields.of(operation, 'an operation').get('uuid-name');
      if (typeof name !== 'string') continue;
      if (this.#named.has(name))
        throw new Refusal('duplicate uuid-name', `This "uuid-name" appeared on an earlier operation.`);
      this.#named.set(name, crypto.randomUUID());
    }
  }

  take(operation: Fields): Json {
    switch (operation.text('op')) {
      case 'insert':
        return this.#insert(operation);
      case 'select':
        return this.#select(operation);
      case 'update':
        return this.#update(operation);
      case 'mutate':
        return this.#mutate(operation);
      case 'delete':
        return this.#change(operation, () => undefined);
      case 'wait':
        return this.#wait(operation);
      case 'assert':
        return this.#assert(operation.text('lock'));
      default:
        return {}; // a comment, for the file of a database
    }
  }

  commit(): Pick<Outcome, 'contents' | 'updates'> {
    const updates = finish(this.#draft);
    return { contents: this.#draft.contents, updates };
  }

  #insert(operation: Fields): Json {
    const table = tableOf(operation);
    const [name, own] = [operation.get('uuid-name'), operation.get('uuid')];
    const uuid = typeof own === 'string' ? own : (this.#named.get(String(name)) ?? crypto.randomUUID());
    // A uuid is not free again before the end of the transaction that deletes its row.
    if (this.#draft.rows(table.name).has(uuid) || this.#draft.before(table.name, uuid) !== undefined)
      throw new Refusal('duplicate uuid', `This UUID would duplicate a UUID`);
    const defaults = [...table.columns].map(([column, type]) => [column, defaultOf(type)] as const);
    const row = { ...Object.fromEntries(defaults), ...readRow(operation.get('row'), table, this.#named) };
    this.#draft.set(table.name, uuid, { ...row, _uuid: uuid, _version: crypto.randomUUID() });
    return { uuid: ['uuid', uuid] };
  }

  #select(operation: Fields): Json {
    const table = tableOf(operation);
    const columns = namesIn(operation.get('columns')) ?? [...table.columns.keys()];
    return { rows: this.#found(operation, table).map(([, row]) => rowJson(row, columns, table)) };
  }

  #update(operation: Fields): Json {
    const row = readRow(operation.get('row'), tableOf(operation), this.#named);
    return this.#change(operation, (before) => ({ ...before, ...row }));
  }

  #mutate(operation: Fields): Json {
    const mutations = operation.list('mutations').map((one) => mutationOf(one, tableOf(operation), this.#named));
    return this.#change(operation, (before) => mutations.reduce((row, mutate) => mutate(row), before));
  }

  #change(operation: Fields, change: (row: OvsdbRow) => OvsdbRow | undefined): Json {
    const table = tableOf(operation);
    const found = this.#found(operation, table);
    for (const [uuid, row] of found) this.#draft.set(table.name, uuid, change(row));
    return { count: found.length };
  }

  #wait(operation: Fields): Json {
    const table = tableOf(operation);
    const columns = namesIn(operation.get('columns')) ?? [];
    const wanted = operation.list('rows').map((row) => readRow(row, table, this.#named));
    const found = this.#found(operation, table).map(([, row]) => row);
    const isSame = (one: OvsdbRow, other: OvsdbRow) =>
      columns.every((name) => isEqual(one[name], other[name], columnOf(name, table)));
    const isAll =
      wanted.every((row) => found.some((one) => isSame(one, row))) &&
      found.every((row) => wanted.some((one) => isSame(one, row)));
    if (isAll === (operation.text('until') === '==')) return {};
    throw new Refusal('timed out', '"where" clause test failed');
  }

  #assert(lock: string): Json {
    if (this.#holds(lock)) return {};
    throw new Refusal('not owner', `Asserted lock ${lock} not held.`);
  }

  #found(operation: Fields, table: MockTable): readonly (readonly [string, OvsdbRow])[] {
    const isMet = conditionOf(operation.get('where'), table, this.#named);
    return [...this.#draft.rows(table.name)].filter(([, row]) => isMet(row));
  }
}

function tableOf(operation: Fields): MockTable {
  const table = TABLES.get(operation.text('table'));
  if (table === undefined) throw new Refusal('syntax error', `No table named ${operation.text('table')}.`);
  return table;
}

const namesIn = (json: Json | undefined): readonly string[] | undefined =>
  json === undefined ? undefined : listOf(json, 'columns').map(String);

/** Prints columns of a row. */
export const rowJson = (row: OvsdbRow, columns: readonly string[], table: MockTable): Json =>
  Object.fromEntries(columns.map((name) => [name, encodeValue(row[name], columnOf(name, table), name)]));
