import { groupedBy } from '../../lists/group.js';
import type { OvsdbRow } from '../../ovn-model/values.js';
import { compact } from '../../schema/values.js';
import type { OvnListedNetwork } from './options.js';
import { markOf } from './own-rows.js';
import { networkOf } from './stored.js';

/** The switches of networks, by the names of these. */
export type SwitchesByName = ReadonlyMap<string, readonly OvsdbRow[]>;

/** Puts switches with the same mark together: more than one where somebody has copied a switch by hand. */
export const switchesByName = (rows: readonly OvsdbRow[]): SwitchesByName =>
  groupedBy(rows, (row) => markOf(row, 'network'));

/** Networks by name, each once. */
export const listedIn = (switches: SwitchesByName): readonly OvnListedNetwork[] =>
  [...switches].map(([name, rows]) => listed(name, rows)).sort((a, b) => (a.name < b.name ? -1 : 1));

function listed(name: string, rows: readonly OvsdbRow[]): OvnListedNetwork {
  const [uuid = '', ...copies] = rows.map((row) => String(row['_uuid'])).sort();
  const [first] = rows;
  const owner = first === undefined || isDisputed(rows) ? undefined : markOf(first, 'owner');
  if (first === undefined || copies.length > 0) return compact({ name, uuid, owner, copies });
  return { name, uuid, owner, network: networkOf(first) };
}

/** Names of networks of which each copy has another owner. */
export const disputedIn = (switches: SwitchesByName): readonly string[] =>
  [...switches].flatMap(([name, rows]) => (isDisputed(rows) ? [name] : [])).sort();

const isDisputed = (rows: readonly OvsdbRow[]): boolean => new Set(rows.map((row) => markOf(row, 'owner'))).size > 1;
