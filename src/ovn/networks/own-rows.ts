import type { CallOptions } from '../../async/deadline.js';
import { mapOf, type OvsdbRow } from '../database/values.js';
import { OVN_TABLES, type OvnTable } from '../model/rows.js';
import type { Ovsdb } from '../ovsdb.js';

/** Keys of `external_ids` by which rows are known as a network's. */
export const MARKS = {
  network: 'libvirt-network',
  row: 'libvirt-network-row',
  owner: 'libvirt-network-owner',
} as const;

/** A row of a network as the database has it. */
export interface OwnRow {
  readonly table: OvnTable;
  readonly key: string;
  readonly uuid: string;
  readonly row: OvsdbRow;
}

/** A network as the database has it. */
export interface OwnRows {
  readonly name: string;
  readonly rows: ReadonlyMap<string, OwnRow>;
  /** A switch of the same name that is not marked: somebody else's. */
  readonly hasForeignSwitch: boolean;
}

/** Reads the rows of a network, all at one moment. */
export async function readOwnRows(database: Ovsdb, name: string, options: CallOptions): Promise<OwnRows> {
  const [switches, ...tables] = await database.transact(
    [
      { op: 'select', table: 'Logical_Switch', where: [['name', '==', name]], columns: ['external_ids'] },
      ...OVN_TABLES.map(
        (table) => ({ op: 'select', table, where: [['external_ids', 'includes', { [MARKS.network]: name }]] }) as const,
      ),
    ],
    options,
  );
  const rows = OVN_TABLES.flatMap((table, i) => (tables[i]?.rows ?? []).flatMap((row) => ownRow(table, row)));
  return {
    name,
    rows: new Map(rows.map((row) => [row.key, row])),
    hasForeignSwitch: (switches?.rows ?? []).some((row) => markOf(row, 'network') !== name),
  };
}

function ownRow(table: OvnTable, row: OvsdbRow): readonly OwnRow[] {
  const [key, uuid] = [markOf(row, 'row'), row['_uuid']];
  return key === undefined || typeof uuid !== 'string' ? [] : [{ table, key, uuid, row }];
}

/** A mark of a row; nothing where it has none. */
export const markOf = (row: OvsdbRow, mark: keyof typeof MARKS): string | undefined => textIn(row, MARKS[mark]);

/** A text that is kept with a row; nothing where there is none. */
export function textIn(row: OvsdbRow, key: string): string | undefined {
  const value = mapOf(row['external_ids']).get(key);
  return typeof value === 'string' ? value : undefined;
}

/** The owner of a network, where it has one. */
export function ownerOfRows({ rows }: OwnRows): string | undefined {
  const main = rows.get('switch');
  return main === undefined ? undefined : markOf(main.row, 'owner');
}
