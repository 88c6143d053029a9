import { LibvirtError } from '../../errors/index.js';
import { isList } from '../../options/kind-of-value.js';
import { shown } from '../../options/shown.js';
import type { OvsdbRowInput } from '../../ovn-model/values.js';
import type { Json } from '../wire/json.js';
import { checkedText, encodeValue, identifierOf, invalid, setOf } from './encode.js';
import type { OperationOf } from './known-operation.js';
import { columnOf, tableOf } from './look-up.js';
import type { OvsdbCondition, OvsdbMutation, OvsdbOperation, OvsdbWhere } from './operations.js';
import type { ColumnType, DatabaseSchema, TableSchema } from './schema.js';

/**
 * Prints an operation as the protocol has it.
 *
 * @param index - its place in the transaction, for messages
 * @throws {@link LibvirtError} codes `INVALID_ARGUMENT`, and `UNSUPPORTED` for a table or a column that the database does not have
 */
export function encodeOperation(operation: OvsdbOperation, schema: DatabaseSchema, index: number): Json {
  try {
    return { op: operation.op, ...membersOf(operation, schema) };
  } catch (error) {
    if (!LibvirtError.is(error)) throw error;
    const message = `operation ${index} (${operation.op}): ${error.message}`;
    throw new LibvirtError(error.code, message, { hint: error.hint, cause: error });
  }
}

type Members = Readonly<Record<string, Json>>;

function membersOf(operation: OvsdbOperation, schema: DatabaseSchema): Members {
  switch (operation.op) {
    case 'assert':
      return { lock: identifierOf(operation.lock, 'lock') };
    case 'comment':
      return { comment: checkedText(operation.comment, 'comment') };
    case 'insert':
      return insertOf(operation, tableOf(schema, operation.table));
    default:
      return onRowsOf(operation, tableOf(schema, operation.table));
  }
}

const insertOf = ({ row, uuidName, uuid }: OperationOf<'insert'>, table: TableSchema): Members => ({
  table: table.name,
  row: rowOf(row, table, 'row'),
  ...(uuidName === undefined ? {} : { 'uuid-name': identifierOf(uuidName, 'uuidName') }),
  ...(uuid === undefined ? {} : { uuid: checkedText(uuid, 'uuid') }),
});

/** Members of what works on rows that are there. */
function onRowsOf(
  operation: OperationOf<'select' | 'update' | 'mutate' | 'delete' | 'wait'>,
  table: TableSchema,
): Members {
  const rows = { table: table.name, where: whereOf(operation.where, table) };
  switch (operation.op) {
    case 'select':
      return operation.columns === undefined ? rows : { ...rows, columns: columnsOf(operation.columns, table) };
    case 'update':
      return { ...rows, row: rowOf(operation.row, table, 'row') };
    case 'mutate':
      return { ...rows, mutations: operation.mutations.map((mutation, i) => mutationOf(mutation, table, i)) };
    case 'delete':
      return rows;
    case 'wait':
      return { ...rows, ...waitOf(operation, table) };
  }
}

const waitOf = ({ columns, until, rows, timeoutMs }: OperationOf<'wait'>, table: TableSchema): Members => ({
  columns: columnsOf(columns, table),
  until,
  rows: listIn(rows, 'rows').map((row, i) => rowOf(row, table, `rows[${i}]`)),
  timeout: waitingTime(timeoutMs),
});

/** A server waits for ever where the operation does not say how long. */
function waitingTime(ms: number): number {
  if (Number.isInteger(ms) && ms >= 0) return ms;
  throw invalid('timeoutMs', `is ${shown(ms)}, not a whole number from 0`, 'pass milliseconds: 0 looks once');
}

function rowOf(row: OvsdbRowInput, table: TableSchema, what: string): Json {
  if (typeof row !== 'object' || row === null || isList(row))
    throw invalid(
      what,
      `is ${shown(row)}, not an object of columns`,
      "pass the values by column, such as { name: 'lab' }",
    );
  const columns = Object.entries(row).map(([name, value]) => [
    name,
    encodeValue(value, columnOf(name, table), `${what}.${name}`),
  ]);
  return Object.fromEntries(columns);
}

function columnsOf(names: readonly string[], table: TableSchema): Json {
  for (const name of listIn(names, 'columns')) columnOf(name, table);
  return [...names];
}

/**
 * Prints conditions. Without any, the protocol means all rows, which somebody who filters a list does not.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function whereOf(where: OvsdbWhere, table: TableSchema): Json {
  if (where === 'all') return [];
  if (listIn(where, 'where').length > 0) return where.map((one, i) => conditionOf(one, table, `where[${i}]`));
  throw invalid('where', 'has no condition', "pass where: 'all' for all rows");
}

function conditionOf(condition: OvsdbCondition, table: TableSchema, what: string): Json {
  const [column, test, value] = listIn(condition, what);
  const type = columnOf(column, table);
  // One of many items is enough to look for.
  const asked = test === 'includes' || test === 'excludes' ? partOf(type) : type;
  return [column, test, encodeValue(value, asked, `${what}, ${column}`)];
}

const partOf = (type: ColumnType): ColumnType => (type.max > 1 ? { ...type, min: 0 } : type);

function mutationOf(mutation: OvsdbMutation, table: TableSchema, index: number): Json {
  const place = `mutations[${index}]`;
  const [column, mutator, value] = listIn(mutation, place);
  const type = columnOf(column, table);
  const what = `${place}, ${column}`;
  const isKeys = mutator === 'delete' && type.value !== undefined && (isList(value) || typeof value !== 'object');
  return [column, mutator, isKeys ? setOf(value, type, what) : encodeValue(value, changed(type, mutator), what)];
}

/** Arithmetic changes each item of a set by one number. */
const changed = (type: ColumnType, mutator: OvsdbMutation[1]): ColumnType =>
  mutator === 'insert' || mutator === 'delete'
    ? { ...type, min: 0, max: Number.POSITIVE_INFINITY }
    : { key: type.key, min: 1, max: 1 };

function listIn<T extends readonly unknown[]>(list: T, what: string): T {
  if (isList(list)) return list;
  throw invalid(what, `is ${shown(list)}, not an array`, 'pass an array, even for one');
}
