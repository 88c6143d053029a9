import type { OvsdbRowInput } from '../../ovn-model/values.js';
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
  const changed = changes.flatMap(({ before, wanted }) =>
    before === undefined || before === main ? [] : [guard(before, restsOn(wanted))],
  );
  if (main === undefined) return [guardOfName(name), ...changed];
  const wanted = changes.find(({ before }) => before === main)?.wanted;
  return [guard(main, [...new Set([...OF_SWITCH, ...restsOn(wanted)])]), ...changed];
}

/** The columns that the change of a row rests on. */
const restsOn = (wanted: OvsdbRowInput = {}): readonly string[] => ['external_ids', ...Object.keys(wanted)];

const guard = ({ table, uuid, row }: OwnRow, columns: readonly string[]): OvsdbOperation => ({
  ...{ op: 'wait', table, where: [['_uuid', '==', uuid]], columns, until: '==' },
  ...{ rows: [Object.fromEntries(columns.map((column) => [column, row[column]]))], timeoutMs: 0 },
});

const guardOfName = (name: string): OvsdbOperation => ({
  ...{ op: 'wait', table: 'Logical_Switch', where: [['name', '==', name]], columns: ['_uuid'], until: '==' },
  ...{ rows: [], timeoutMs: 0 },
});
