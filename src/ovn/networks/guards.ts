import type { OvsdbOperation } from '../database/operations.js';
import type { OwnRow, OwnRows, RowChange } from './own-rows.js';

/** Columns of the switch that every plan rests on: its marks, which hold the whole network, and its ports. */
const OF_SWITCH = ['external_ids', 'ports'];

/**
 * Has a transaction fail where somebody else has changed what it rests on: the rows that change, and that the network is there
 * or not. It compares values, since each server of a cluster counts versions of rows by itself.
 */
export function guards(changes: readonly RowChange[], { name, rows }: OwnRows): readonly OvsdbOperation[] {
  const main = rows.get('switch');
  const changed = changes.flatMap(({ before, compared }) =>
    before === undefined || before === main ? [] : [guard(before, compared)],
  );
  if (main === undefined) return [guardOfName(name, undefined), ...changed];
  const compared = changes.find(({ before }) => before === main)?.compared ?? [];
  return [guardOfName(name, main), guard(main, [...new Set([...OF_SWITCH, ...compared])]), ...changed];
}

const guard = ({ table, uuid, row }: OwnRow, columns: readonly string[] = ['external_ids']): OvsdbOperation => ({
  ...{ op: 'wait', table, where: [['_uuid', '==', uuid]], columns, until: '==' },
  ...{ rows: [Object.fromEntries(columns.map((column) => [column, row[column]]))], timeoutMs: 0 },
});

const guardOfName = (name: string, main: OwnRow | undefined): OvsdbOperation => ({
  ...{ op: 'wait', table: 'Logical_Switch', where: [['name', '==', name]], columns: ['_uuid'], until: '==' },
  ...{ rows: main === undefined ? [] : [{ _uuid: main.uuid }], timeoutMs: 0 },
});
