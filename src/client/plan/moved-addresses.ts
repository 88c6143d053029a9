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

/** Tells whether a request reserves an address, so that it matters who has a lease. */
export const reservesAddress = ({ section, command }: EntryRequest): boolean =>
  section === 'ip-dhcp-host' && command !== 'delete';

/** Tells whose address a request moves, if it does. */
export function movedAddress(request: EntryRequest, { live, leases = [] }: ObservedState): MovedAddress | undefined {
  if (!reservesAddress(request) || live === undefined) return undefined;
  const next = readXml(request.xml).root.attributes;
  const hosts = hostsOf(live);
  if (hosts.some((host) => host.ip === next['ip'] && isSameGuest(host, next))) return undefined;
  return movedReservation(next, hosts, leases) ?? movedLease(next, leases);
}

type Wanted = Readonly<Record<string, string>>;
type Leases = NonNullable<ObservedState['leases']>;

/** An address that is reserved for another guest, or a guest that another one is reserved for. */
function movedReservation(next: Wanted, hosts: readonly DhcpHost[], leases: Leases): MovedAddress | undefined {
  const { ip } = next;
  const taken = hosts.find((host) => host.ip === ip && !isSameGuest(host, next));
  const old = taken ?? hosts.find((host) => host.ip !== ip && isSameGuest(host, next));
  if (old === undefined) return undefined;
  const holders = leases.filter(({ address }) => address === old.ip).map(guestOf);
  const guests = holders.length > 0 ? holders : [{ mac: old.mac, name: old.name }];
  const what = taken === undefined ? `moves the guest from ${old.ip} to ${ip}` : `takes ${ip} from ${nameOf(old)}`;
  return { why: `${what}: ${UNTIL}`, guests };
}

/** The same for guests with a lease of the range, which is reserved for nobody. */
function movedLease(next: Wanted, leases: Leases): MovedAddress | undefined {
  const { ip = '' } = next;
  const isOwn = (lease: Leases[number]): boolean => holds(lease, next);
  const taken = leases.find((lease) => lease.address === ip && !isOwn(lease));
  const held = leases.find(
    (lease) => isOwn(lease) && lease.address !== ip && familyOf(lease) === familyOf({ address: ip }),
  );
  const old = taken ?? held;
  if (old === undefined) return undefined;
  const what =
    taken === undefined
      ? `moves the guest from its lease of ${old.address} to ${ip}`
      : `takes ${ip} from ${old.mac}, which has a lease of it`;
  return { why: `${what}: ${UNTIL}`, guests: [guestOf(old)] };
}

/** Tells whether a guest has a lease: it is known as in {@link isSameGuest}. */
function holds({ mac: own, clientId = '', hostname }: Leases[number], { mac, id, name }: Wanted): boolean {
  if (mac !== undefined) return normalizeMac(own ?? '') === normalizeMac(mac);
  return id === undefined ? hostname === name : plainId(clientId) === plainId(id);
}

/** An id without leading zeros in its parts: libvirt takes both. */
const plainId = (id: string): string => id.toLowerCase().replace(/(^|:)0+(?=[0-9a-f])/g, '$1');

const guestOf = ({ mac, hostname }: Leases[number]): Guest => ({ mac, name: hostname });
const familyOf = ({ address }: { readonly address: string }): string => (address.includes(':') ? 'ipv6' : 'ipv4');

const hostsOf = ({ ips = [] }: NetworkDocument): readonly DhcpHost[] => ips.flatMap(({ dhcp }) => dhcp?.hosts ?? []);

const nameOf = ({ mac, id, name }: DhcpHost): string => mac ?? id ?? name ?? 'another guest';

/** A guest is known by its MAC address or DUID, and by its name where it has neither. */
function isSameGuest({ mac, id, name }: DhcpHost, other: Readonly<Record<string, string>>): boolean {
  if (mac !== undefined || other['mac'] !== undefined)
    return mac !== undefined && normalizeMac(mac) === normalizeMac(other['mac'] ?? '');
  return id !== undefined || other['id'] !== undefined ? id === other['id'] : name === other['name'];
}
