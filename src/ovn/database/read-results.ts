import { Fields, listOf } from '../wire/fields.js';
import type { Json } from '../wire/json.js';
import { refusedIn } from '../wire/refused.js';
import { Unreadable } from '../wire/unreadable.js';
import { decodeRow, uuidOf } from './decode.js';
import type { OvsdbOperation, OvsdbResult } from './operations.js';
import type { DatabaseSchema } from './schema.js';

/**
 * Reads the answer to a transaction: a result for each operation.
 *
 * @throws {@link Refused} for the first error, which may also be that of the commit, after all results; {@link Unreadable}
 */
export function readResults(
  answer: Json,
  operations: readonly OvsdbOperation[],
  schema: DatabaseSchema,
): readonly OvsdbResult[] {
  const results = listOf(answer, 'the answer to a transaction');
  for (const [i, result] of results.entries()) throwError(result, i < operations.length ? i : undefined);
  if (results.length !== operations.length)
    throw new Unreadable(`${results.length} results for ${operations.length} operations`);
  return operations.map((operation, i) => resultOf(results[i], operation, schema));
}

function throwError(result: Json, index: number | undefined): void {
  if (result === null) return;
  if (Fields.of(result, 'a result').get('error') !== undefined) throw refusedIn(result, index);
}

function resultOf(json: Json | undefined, operation: OvsdbOperation, schema: DatabaseSchema): OvsdbResult {
  const fields = Fields.of(json, 'a result');
  switch (operation.op) {
    case 'insert':
      return { uuid: uuidOf(fields.get('uuid'), 'an insert') };
    case 'select':
      return { rows: rowsOf(fields, operation.table, schema) };
    case 'update':
    case 'mutate':
    case 'delete':
      return { count: countOf(fields) };
    default:
      return {};
  }
}

function rowsOf(fields: Fields, name: string, schema: DatabaseSchema) {
  const table = schema.tables.get(name);
  if (table === undefined) throw new Unreadable(`rows of the unknown table ${name}`);
  return fields.list('rows').map((row) => decodeRow(row, table));
}

function countOf(fields: Fields): number {
  const count = fields.get('count');
  if (typeof count === 'number') return count;
  throw new Unreadable('a count that is not a number');
}
