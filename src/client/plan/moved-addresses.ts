import type { DhcpHost } from '../../schema/network/ip.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { normalizeMac } from '../../schema/scalar.js';
import { readXml } from '../../xml/read.js';
import type { Guest, ObservedState } from '../state/observed-state.js';
import type { EntryRequest } from './types.js';

/** A reservation that takes an address from a guest, or gives the guest another one. */
export interface MovedAddress {
  readonly why: string;
  /** The guest: who has a lease of the address, or else whom it was reserved for. */
  readonly guests: readonly Guest[];
}

const UNTIL = 'the guest keeps its address until it renews its lease';

/** Tells whose address a request moves, if it does. */
export function movedAddress(
  { section, command, xml }: EntryRequest,
  { live, leases = [] }: ObservedState,
): MovedAddress | undefined {
  if (section !== 'ip-dhcp-host' || command === 'delete' || live === undefined) return undefined;
  const next = readXml(xml).root.attributes;
  const ip = next['ip'];
  const hosts = hostsOf(live);
  const taken = hosts.find((host) => host.ip === ip && !isSameGuest(host, next));
  const moved = hosts.find((host) => host.ip !== ip && isSameGuest(host, next));
  const old = taken ?? moved;
  if (old === undefined || hosts.some((host) => host.ip === ip && isSameGuest(host, next))) return undefined;
  const holders = leases
    .filter(({ address }) => address === old.ip)
    .map(({ mac, hostname }) => ({ mac, name: hostname }));
  const guests = holders.length > 0 ? holders : [{ mac: old.mac, name: old.name }];
  const what = taken === undefined ? `moves the guest from ${old.ip} to ${ip}` : `takes ${ip} from ${nameOf(old)}`;
  return { why: `${what}: ${UNTIL}`, guests };
}

const hostsOf = ({ ips = [] }: NetworkDocument): readonly DhcpHost[] => ips.flatMap(({ dhcp }) => dhcp?.hosts ?? []);

const nameOf = ({ mac, id, name }: DhcpHost): string => mac ?? id ?? name ?? 'another guest';

/** A guest is known by its MAC address or DUID, and by its name where it has neither. */
function isSameGuest({ mac, id, name }: DhcpHost, other: Readonly<Record<string, string>>): boolean {
  if (mac !== undefined || other['mac'] !== undefined)
    return mac !== undefined && normalizeMac(mac) === normalizeMac(other['mac'] ?? '');
  return id !== undefined || other['id'] !== undefined ? id === other['id'] : name === other['name'];
}
