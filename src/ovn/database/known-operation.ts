import { kindOfValue } from '../../options/kind-of-value.js';
import { type OptionNames, optionsOf, readable } from '../../options/options.js';
import { shown } from '../../options/shown.js';
import { invalid } from './encode.js';
import type { OvsdbOperation } from './operations.js';

/** Operations of one kind. */
export type OperationOf<Op extends OvsdbOperation['op']> = Extract<OvsdbOperation, { readonly op: Op }>;

const ON_ROWS = { op: true, table: true, where: true } as const;

const NAMES: { readonly [Op in OvsdbOperation['op']]: OptionNames<OperationOf<Op>> } = {
  insert: { op: true, table: true, row: true, uuidName: true, uuid: true },
  select: { ...ON_ROWS, columns: true },
  update: { ...ON_ROWS, row: true },
  mutate: { ...ON_ROWS, mutations: true },
  delete: ON_ROWS,
  wait: { ...ON_ROWS, columns: true, until: true, rows: true, timeoutMs: true },
  assert: { op: true, lock: true },
  comment: { op: true, comment: true },
};

const EXAMPLE = "pass an operation, such as { op: 'select', table: 'ACL', where: 'all' }";

/**
 * Returns a copy of an operation, each property read once. A misspelled `where` would mean another set of rows.
 *
 * @param index - its place in the transaction, for messages
 * @throws `LibvirtError` code `INVALID_ARGUMENT`
 */
export function knownOperation(given: OvsdbOperation, index: number): OvsdbOperation {
  const what = `operation ${index} of transact`;
  if (typeof given !== 'object' || given === null)
    throw invalid(what, `is ${kindOfValue(given)}, not an object`, EXAMPLE);
  const op = readable(what, () => given.op);
  if (typeof op !== 'string' || !Object.hasOwn(NAMES, op))
    throw invalid(what, `is ${shown(op)}`, `use one of: ${Object.keys(NAMES).join(', ')}`);
  return optionsOf(given, NAMES[op] as OptionNames<OvsdbOperation>, what); // those of its kind
}
