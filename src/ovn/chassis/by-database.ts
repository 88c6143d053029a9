import type { CallOptions } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { mapOf, type OvsdbRow } from '../../ovn-model/values.js';
import type { Ovsdb } from '../ovsdb.js';
import type { ChassisFacts } from './facts.js';

/** Finds what Open vSwitch's own database has: settings and bridges, but not the devices of the host, and not whether the controller runs. */
export async function factsInDatabase(database: Ovsdb, options: CallOptions): Promise<ChassisFacts> {
  if (database.database !== 'Open_vSwitch')
    throw new LibvirtError('INVALID_ARGUMENT', `chassis needs Open vSwitch's own database, not ${database.database}`, {
      hint: "ovsdb({ endpoints: 'unix:/var/run/openvswitch/db.sock', database: 'Open_vSwitch' })",
    });
  const [main, bridges] = await database.transact(
    [
      { op: 'select', table: 'Open_vSwitch', where: 'all', columns: ['external_ids'] },
      { op: 'select', table: 'Bridge', where: 'all', columns: ['name'] },
    ],
    options,
  );
  const settings = settingsIn(main?.rows?.[0]);
  return {
    host: database.label,
    openVswitch: 'running',
    settings,
    bridges: new Set((bridges?.rows ?? []).map((row) => String(row['name']))),
    hostName: settings.get('hostname'),
  };
}

const settingsIn = (row: OvsdbRow | undefined): ReadonlyMap<string, string> =>
  new Map([...mapOf(row?.['external_ids'])].map(([key, value]) => [String(key), String(value)]));
