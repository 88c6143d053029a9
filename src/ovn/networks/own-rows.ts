import { OVN_TABLES, type OvnTable } from '../../ovn-model/rows.js';
import { mapOf, type OvsdbRow, type OvsdbRowInput } from '../../ovn-model/values.js';
import type { UpdatedRow } from '../database/apply-updates.js';
import type { AnsweredAddresses } from './answered-addresses.js';

/** Keys of `external_ids` by which rows are known as a network's. */
export const MARKS = {
  network: 'libvirt-network',
  row: 'libvirt-network-row',
  owner: 'libvirt-network-owner',
  /** Has the same value in all rows, so that one condition finds them. */
  format: 'libvirt-network-format',
} as const;

/** Value of the mark that all rows have. */
export const FORMAT = '1';

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
  /** Rows that somebody has copied by hand, with those that they are copies of: which of them is the network nobody can say. */
  readonly copies: readonly OwnRow[];
  /** A switch of the same name that is not marked: somebody else's. */
  readonly hasForeignSwitch: boolean;
  /** Which networks answer for each address outside: always as of now. */
  readonly answered: AnsweredAddresses;
}

/** A row that changes. */
export interface RowChange {
  readonly change: 'add' | 'change' | 'remove';
  readonly table: OvnTable;
  readonly key: string;
  /** The columns that change with their new values; of a row that goes, those that it has. */
  readonly columns: OvsdbRowInput;
  /** The row as it was; absent for a new one. */
  readonly before?: OwnRow | undefined;
  /** All columns that the network has in the row; absent for one that goes. */
  readonly wanted?: OvsdbRowInput | undefined;
}

/** Reads a row that has changed; nothing where it is none of a network's. */
export function ownRowOf({ table: name, uuid, row }: UpdatedRow): OwnRow | undefined {
  const table = OVN_TABLES.find((one) => one === name);
  const key = row === undefined || markOf(row, 'format') !== FORMAT ? undefined : markOf(row, 'row');
  return table === undefined || row === undefined || key === undefined ? undefined : { table, key, uuid, row };
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
