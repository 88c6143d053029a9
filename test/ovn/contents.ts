import type { Ovsdb, OvsdbRow } from '../../src/ovn/index.js';
import { OVN_TABLES } from '../../src/ovn-model/rows.js';

/** Every row of the tables that networks use, in order, without uuids: what a row refers to stands in its place. */
export async function contentsOf(northbound: Ovsdb): Promise<readonly string[]> {
  const results = await northbound.transact(OVN_TABLES.map((table) => ({ op: 'select', table, where: 'all' })));
  const rows = results.flatMap((result) => result.rows ?? []);
  const byUuid = new Map(rows.map((row) => [row['_uuid'], row]));
  return rows.map((row) => textOf(row, byUuid)).sort();
}

function textOf({ _uuid, _version, ...row }: OvsdbRow, byUuid: ReadonlyMap<unknown, OvsdbRow>): string {
  const shown = (value: unknown): unknown => {
    if (value instanceof Map) return [...value].sort();
    if (Array.isArray(value))
      return value
        .map(shown)
        .map((one) => JSON.stringify(one))
        .sort();
    const target = byUuid.get(value);
    return target === undefined ? value : shown(target['external_ids']);
  };
  // Servers send columns in any order.
  return JSON.stringify(
    Object.keys(row)
      .sort()
      .map((name) => [name, shown(row[name])]),
  );
}
