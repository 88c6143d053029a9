import type { Effect } from '../../client/plan/types.js';
import type { OvnTable } from '../../ovn-model/rows.js';
import { mapOf, type OvsdbRowInput } from '../../ovn-model/values.js';
import type { RowChange } from './own-rows.js';

/** Effects that a step for OVN has. */
export type OvnEffect = Exclude<Effect, 'stored'>;

/** Columns that cut connections when they change. */
const CUTTING: { readonly [table in OvnTable]?: readonly string[] } = {
  Logical_Router: ['options'],
  Logical_Router_Port: ['mac', 'networks', 'gateway_chassis'],
  Logical_Router_Static_Route: ['ip_prefix', 'nexthop'],
  Gateway_Chassis: ['chassis_name', 'priority'],
  NAT: ['type', 'external_ip', 'logical_ip', 'external_port_range', 'exempted_ext_ips'],
  ACL: ['match', 'action', 'priority', 'direction'],
  Address_Set: ['addresses'],
};

/** Tables whose rows cut connections when they go. */
const CARRYING: ReadonlySet<OvnTable> = new Set<OvnTable>([
  ...(['Logical_Switch', 'Logical_Switch_Port', 'Logical_Router', 'Logical_Router_Port', 'NAT'] as const),
  ...(['Logical_Router_Static_Route', 'Gateway_Chassis', 'Load_Balancer', 'Address_Set'] as const),
]);

/** Rules that let nothing more through, and those that let something through. */
const CLOSING = /^acl_(?:closed|isolated|guests_elsewhere|outside_elsewhere)/;
const OPENING = /^acl_(?:forward|opening|own)/;

/**
 * Tells what guests notice of the change of a row: `restart` cuts connections that they have, for a moment or for good; `address` gives
 * a guest another address.
 *
 * @param changes - all changes of the network: nobody notices those of a new one
 */
export function effectOf(change: RowChange, changes: readonly RowChange[]): OvnEffect {
  if (changes.some(({ key, change: kind }) => key === 'switch' && kind === 'add')) return 'live';
  if (change.change === 'add') return addCuts(change) ? 'restart' : 'live';
  if (change.change === 'remove') return removalCuts(change) ? 'restart' : 'live';
  if (isRenumbered(change)) return 'address';
  return changeCuts(change) ? 'restart' : 'live';
}

/** What was not translated before is from then on. */
const addCuts = ({ table, key }: RowChange): boolean => table === 'NAT' || (table === 'ACL' && CLOSING.test(key));

const removalCuts = ({ table, key }: RowChange): boolean =>
  CARRYING.has(table) || (table === 'ACL' && OPENING.test(key));

function changeCuts({ table, key, columns, before }: RowChange): boolean {
  if (table === 'Load_Balancer') return losesSome(mapOf(before?.row['vips']), columns['vips']);
  const isOfGuest = key.startsWith('guest_');
  if (table === 'Logical_Switch_Port') return !isOfGuest && ('options' in columns || 'tag' in columns);
  return (CUTTING[table] ?? []).some((column) => column in columns);
}

function losesSome(before: ReadonlyMap<unknown, unknown>, vips: OvsdbRowInput[string]): boolean {
  if (vips === undefined) return false;
  const after = new Map<unknown, unknown>(Object.entries(vips));
  return [...before].some(([key, value]) => after.get(key) !== value);
}

/** A fixed address that the port no longer has. */
function isRenumbered({ key, columns, before }: RowChange): boolean {
  if (!key.startsWith('guest_') || columns['addresses'] === undefined) return false;
  const then = addressesIn(columns['addresses']);
  return addressesIn(before?.row['addresses']).some((ip) => ip !== 'dynamic' && !then.includes(ip));
}

/** What follows the MAC address in each text of a column, which has one text or a list. */
const addressesIn = (value: unknown): readonly string[] =>
  [value].flat().flatMap((item) => (typeof item === 'string' ? item.split(' ').slice(1) : []));
