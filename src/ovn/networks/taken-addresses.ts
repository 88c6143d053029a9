import { LibvirtError } from '../../errors/index.js';
import type { OvnRow } from '../../ovn-model/rows.js';
import type { OvsdbRow, OvsdbRowInput } from '../../ovn-model/values.js';
import type { OwnRow, OwnRows, Presence } from './own-rows.js';

/** Rows in which the addresses of a network outside are, and the physical network that they are on. */
const KEYS = /^(?:router_outside|outside_physical|nat_|forward_)/;

export const isOfOutside = ({ key }: Pick<OwnRow, 'key'>): boolean => KEYS.test(key);

type Columns = OvsdbRow | OvsdbRowInput;

/** What a network that is stored answers for outside. */
export const storedPresence = (rows: readonly OwnRow[]): Presence =>
  presenceOf(rows.map(({ key, row }) => ({ key, columns: row })));

function presenceOf(rows: readonly { readonly key: string; readonly columns: Columns }[]): Presence {
  const physical = rows.find(({ key }) => key === 'outside_physical')?.columns;
  const name = physical === undefined ? '' : textIn(physical['options'], 'network_name');
  return {
    segment: `${name} ${itemsIn(physical?.['tag']).join()}`,
    addresses: new Set(rows.flatMap(({ columns }) => addressesIn(columns))),
  };
}

const addressesIn = ({ networks, external_ip, vips }: Columns): readonly string[] => [
  ...itemsIn(networks).map((cidr) => cidr.replace(/\/.*/, '')),
  ...itemsIn(external_ip),
  ...keysIn(vips).map((vip) => vip.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')),
];

const itemsIn = (value: unknown): readonly string[] =>
  [value].flat().flatMap((item) => (typeof item === 'string' || typeof item === 'number' ? [String(item)] : []));

const pairsIn = (value: unknown): readonly (readonly [unknown, unknown])[] =>
  value instanceof Map ? [...value] : Object.entries(value ?? {});

const keysIn = (value: unknown): readonly string[] => pairsIn(value).map(([key]) => String(key));

const textIn = (value: unknown, key: string): string => String(pairsIn(value).find(([one]) => one === key)?.[1]);

/**
 * Refuses a network with an address outside that another network has: the routers of both would answer for it, and both networks would
 * lose the outside.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT`
 */
export function assertFree(wanted: readonly OvnRow[], { name, present }: OwnRows): void {
  const own = presenceOf(wanted.filter(isOfOutside));
  if (own.addresses.size === 0) return;
  for (const [network, { segment, addresses }] of present) {
    if (network === name || segment !== own.segment) continue;
    const shared = [...own.addresses].find((address) => addresses.has(address));
    if (shared !== undefined) throw taken(name, network, shared);
  }
}

const taken = (name: string, other: string, address: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `network "${name}" cannot have ${address} outside: network "${other}" has it`, {
    network: name,
    hint: 'give each network an address of its own in outside.addresses, and in ownAddresses, natAddress and port forwards',
  });
