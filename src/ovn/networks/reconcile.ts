import type { OvnRow, OvnTable } from '../../ovn-model/rows.js';
import { mapOf, type NamedRow, type OvsdbAtomInput, type OvsdbValueInput } from '../../ovn-model/values.js';
import type { OvsdbMutation, OvsdbOperation } from '../database/operations.js';
import { isSame, itemsOf } from './compare.js';
import { guards } from './guards.js';
import { FORMAT, MARKS, type OwnRow, type OwnRows, type RowChange } from './own-rows.js';
import { addressGuards } from './taken-addresses.js';

/** Columns that refer to other rows. Others may add their own rows there, which stay. */
const REFERENCES: ReadonlySet<string> = new Set([
  ...['ports', 'acls', 'qos_rules', 'dns_records', 'load_balancer', 'nat', 'static_routes', 'gateway_chassis'],
]);

/**
 * Tables whose rows are there without a reference to them; rows of the others go with the last one. Rows of NAT do so too late: what
 * they refer to cannot be removed in the same transaction.
 */
const REMOVED: ReadonlySet<OvnTable> = new Set<OvnTable>([
  ...([
    'Logical_Switch',
    'Logical_Router',
    'Port_Group',
    'Address_Set',
    'Load_Balancer',
    'DHCP_Options',
    'DNS',
    'NAT',
  ] as const),
]);

/** What brings the rows of a network to those that are wanted, as one transaction. */
export interface Reconciliation {
  readonly changes: readonly RowChange[];
  readonly operations: readonly OvsdbOperation[];
}

/** Marks of the rows of a network. */
export interface WantedMarks {
  readonly network: string;
  readonly owner?: string | undefined;
}

/**
 * Compares rows by their keys, and makes the operations.
 *
 * @param wanted - the rows of the network; none to remove it
 * @param marks - marks of the rows
 * @param found - what the database has
 */
export function reconcile(wanted: readonly OvnRow[], marks: WantedMarks, found: OwnRows): Reconciliation {
  const different = differentRows(wanted, marks, found);
  const gone = goneRows(wanted, found);
  const managed = new Set([...found.rows.values()].map(({ uuid }) => uuid));
  const rows = different.flatMap((row) => rowChange(row, { found, marks, managed }) ?? []);
  const changes = [...rows.map(({ change }) => change), ...gone.map(removalOf)];
  if (changes.length === 0) return { changes, operations: [] };
  const removals = gone.filter(({ table }) => REMOVED.has(table)).map(({ table, uuid }) => deletion(table, uuid));
  return {
    changes,
    operations: [
      ...guards(changes, found),
      ...addressGuards(wanted, found),
      ...rows.flatMap(({ operations }) => operations),
      ...removals,
    ],
  };
}

/** Finds the few rows that may have something to change among many, at little cost. Rows that others refer to are among them. */
function differentRows(wanted: readonly OvnRow[], marks: WantedMarks, { rows }: OwnRows): readonly OvnRow[] {
  const common = commonMarks(marks);
  return wanted.filter((row) => {
    const before = rows.get(row.key);
    return before === undefined || !hasColumns(before, row, rows) || !hasMarks(before, row, common);
  });
}

/** Rows that are no longer wanted, by their keys: servers report rows in an order that says nothing. */
function goneRows(wanted: readonly OvnRow[], { rows }: OwnRows): readonly OwnRow[] {
  const keys = new Set(wanted.map(({ key }) => key));
  return [...rows.values()].filter(({ key }) => !keys.has(key)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

interface Context {
  readonly found: OwnRows;
  readonly marks: WantedMarks;
  /** Uuids of the network's rows. */
  readonly managed: ReadonlySet<string>;
}

interface Changed {
  readonly change: RowChange;
  readonly operations: readonly OvsdbOperation[];
}

const removalOf = (before: OwnRow): RowChange => ({
  change: 'remove',
  table: before.table,
  key: before.key,
  columns: {},
  before,
});

const deletion = (table: OvnTable, uuid: string): OvsdbOperation => ({
  op: 'delete',
  table,
  where: [['_uuid', '==', uuid]],
});

function rowChange(row: OvnRow, context: Context): Changed | undefined {
  const before = context.found.rows.get(row.key);
  return before === undefined ? added(row, context) : changed(row, before, context);
}

const nameOf = (key: string): string => `row_${key}`;

function added(wanted: OvnRow, context: Context): Changed {
  const { table, key, columns } = wanted;
  const row = Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [name, resolved(value, context.found.rows)]),
  );
  const external_ids = marksOf(wanted, context.marks);
  return {
    change: { change: 'add', table, key, columns, wanted: columns },
    operations: [{ op: 'insert', table, uuidName: nameOf(key), row: { ...row, external_ids } }],
  };
}

/** The marks that all rows of a network have. */
const commonMarks = ({ network, owner }: WantedMarks): Readonly<Record<string, string>> => ({
  [MARKS.network]: network,
  [MARKS.format]: FORMAT,
  ...(owner === undefined ? {} : { [MARKS.owner]: owner }),
});

const marksOf = ({ key, marks }: OvnRow, wanted: WantedMarks): Readonly<Record<string, string>> => ({
  ...commonMarks(wanted),
  [MARKS.row]: key,
  ...marks,
});

/** References by key become those by uuid, or by name for rows of the same transaction. */
function resolved(value: OvsdbValueInput, rows: OwnRows['rows']): OvsdbValueInput {
  if (isReference(value)) return referTo(value.named, rows);
  if (!Array.isArray(value)) return value;
  return value.map((item: OvsdbAtomInput) => (isNamed(item) ? referTo(item.named, rows) : item));
}

const referTo = (key: string, rows: OwnRows['rows']): OvsdbAtomInput => rows.get(key)?.uuid ?? { named: nameOf(key) };

/** A column that refers to one row; the maps of networks have no such key. */
const isReference = (value: OvsdbValueInput): value is NamedRow =>
  typeof value === 'object' && !Array.isArray(value) && 'named' in value && typeof value.named === 'string';

const isNamed = (item: OvsdbAtomInput): item is NamedRow => typeof item === 'object';

function changed(row: OvnRow, before: OwnRow, context: Context): Changed | undefined {
  const where = [['_uuid', '==', before.uuid]] as const;
  const columns = Object.entries(row.columns).map(
    ([name, value]) => [name, resolved(value, context.found.rows)] as const,
  );
  const values = columns.filter(([name, value]) => !REFERENCES.has(name) && !isSame(value, before.row[name]));
  const references = columns.flatMap(([name, value]) =>
    REFERENCES.has(name) ? referenceMutations(name, value, before, context) : [],
  );
  const marks = markMutations(marksOf(row, context.marks), before);
  const [first, ...others] = [...references, ...marks];
  const { table, key } = row;
  const operations: readonly OvsdbOperation[] = [
    ...(values.length === 0 ? [] : [{ op: 'update', table, where, row: Object.fromEntries(values) } as const]),
    ...(first === undefined ? [] : [{ op: 'mutate', table, where, mutations: [first, ...others] } as const]),
  ];
  if (operations.length === 0) return undefined; // others have put their own rows into a column
  const shown = [...values, ...new Map([...references, ...marks].map(([name, , value]) => [name, value]))];
  const wanted = row.columns;
  return { change: { change: 'change', table, key, columns: Object.fromEntries(shown), before, wanted }, operations };
}

function hasColumns({ row }: OwnRow, { columns }: OvnRow, rows: OwnRows['rows']): boolean {
  for (const name in columns) if (!isSame(resolved(columns[name], rows), row[name])) return false;
  return true;
}

/** Tells whether a row has its marks, and none of ours besides. */
function hasMarks({ row }: OwnRow, { key, marks }: OvnRow, common: Readonly<Record<string, string>>): boolean {
  const now = mapOf(row['external_ids']);
  if (now.get(MARKS.row) !== key) return false;
  let count = 1;
  for (const wanted of [common, marks])
    for (const name in wanted) {
      if (now.get(name) !== wanted[name]) return false;
      count++;
    }
  for (const name of now.keys()) if (isMark(name)) count--;
  return count === 0;
}

function referenceMutations(
  name: string,
  wanted: OvsdbValueInput,
  { row }: OwnRow,
  context: Context,
): readonly OvsdbMutation[] {
  const items: readonly OvsdbAtomInput[] = Array.isArray(wanted) ? wanted : [];
  const [now, then] = [new Set(itemsOf(row[name])), new Set<unknown>(items)];
  const gone = [...now].filter(
    (uuid): uuid is string => typeof uuid === 'string' && context.managed.has(uuid) && !then.has(uuid),
  );
  const more = items.filter((item) => !now.has(item));
  return [
    ...(gone.length === 0 ? [] : [[name, 'delete', gone] as const]),
    ...(more.length === 0 ? [] : [[name, 'insert', more] as const]),
  ];
}

const isMark = (key: unknown): key is string => typeof key === 'string' && key.startsWith(MARKS.network);

function markMutations(wanted: Readonly<Record<string, string>>, { row }: OwnRow): readonly OvsdbMutation[] {
  const now = mapOf(row['external_ids']);
  const different = Object.entries(wanted).filter(([key, value]) => now.get(key) !== value);
  const gone = [...now.keys()].filter((key): key is string => isMark(key) && wanted[String(key)] === undefined);
  const keys = [...gone, ...different.map(([key]) => key)];
  // A key that is there keeps its value on insert.
  return [
    ...(keys.length === 0 ? [] : [['external_ids', 'delete', keys] as const]),
    ...(different.length === 0 ? [] : [['external_ids', 'insert', Object.fromEntries(different)] as const]),
  ];
}
