import type { CallOptions } from '../../async/deadline.js';
import { mapOf, type OvsdbRow } from '../../ovn-model/values.js';
import type { Ovsdb } from '../ovsdb.js';
import { assertSingle } from './checks.js';
import { itemsOf } from './compare.js';
import { storedIn } from './guests.js';
import type { OwnRows } from './own-rows.js';
import { isGuest } from './stored.js';

/** A guest's port as OVN has it: what on libvirt is a lease. */
export interface OvnSeenPort {
  /** Name of the logical port, and interface id of the NIC. */
  readonly id: string;
  readonly mac: string;
  /** Addresses that the guest is given; none until OVN has chosen. OVN does not know whether the guest has taken them. */
  readonly addresses: readonly string[];
  /** True if OVN has chosen the addresses, out of the ranges. */
  readonly isDynamic: boolean;
  /** Name that DHCP gives the guest. Default: none. */
  readonly hostname?: string | undefined;
  /** True if the port is plugged in on a host and works. */
  readonly up: boolean;
  /** Name of the chassis that the port is plugged in on. Absent where there is none, and where `ovn` got no southbound database. */
  readonly chassis?: string | undefined;
}

/**
 * The ports of a network's guests, by MAC address.
 *
 * @throws `LibvirtError` codes `NETWORK_NOT_FOUND`, and `NETWORK_EXISTS` for one whose rows somebody has copied
 */
export async function portsIn(
  found: OwnRows,
  southbound: Ovsdb | undefined,
  options: CallOptions,
): Promise<readonly OvnSeenPort[]> {
  assertSingle(found);
  storedIn(found);
  const ports = [...found.rows.values()].filter(isGuest).map(({ row }) => seenPort(row));
  const chassis = southbound === undefined ? new Map() : await chassisOf(ports, southbound, options);
  return ports.map((port) => ({ ...port, chassis: chassis.get(port.id) })).sort((a, b) => (a.mac < b.mac ? -1 : 1));
}

/** Reads a guest's port out of its row. */
export function seenPort(row: OvsdbRow): OvnSeenPort {
  const [given = ''] = itemsOf(row['addresses']).map(String);
  const [mac = '', ...fixed] = given.split(' ');
  const isDynamic = fixed.includes('dynamic');
  const [, ...chosen] = String(row['dynamic_addresses'] ?? '').split(' ');
  return {
    ...{ id: String(row['name']), mac, isDynamic },
    addresses: isDynamic ? chosen : fixed,
    hostname: hostnameOf(row),
    up: row['up'] === true,
  };
}

/** OVN has it in quotes. */
function hostnameOf(row: OvsdbRow): string | undefined {
  const name = mapOf(row['options']).get('hostname');
  return typeof name === 'string' ? name.replaceAll('"', '') : undefined;
}

/** The chassis that ports are bound to, by the names of the ports. */
async function chassisOf(
  ports: readonly OvnSeenPort[],
  southbound: Ovsdb,
  options: CallOptions,
): Promise<ReadonlyMap<string, string>> {
  const [all, ...bindings] = await southbound.transact(
    [
      { op: 'select', table: 'Chassis', where: 'all', columns: ['_uuid', 'name'] },
      ...ports.map(({ id }) => bindingOf(id)),
    ],
    options,
  );
  const names = new Map((all?.rows ?? []).map((row) => [row['_uuid'], String(row['name'])]));
  return new Map(
    ports.flatMap(({ id }, i) => {
      const name = names.get(bindings[i]?.rows?.[0]?.['chassis']);
      return name === undefined ? [] : [[id, name]];
    }),
  );
}

const bindingOf = (id: string) =>
  ({ op: 'select', table: 'Port_Binding', where: [['logical_port', '==', id]], columns: ['chassis'] }) as const;
