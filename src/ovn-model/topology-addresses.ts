import { groupedBy } from '../lists/group.js';
import { parseAddress } from '../schema/address.js';
import type { DhcpHost } from '../schema/network/ip.js';
import { mac as macScalar } from '../schema/scalar.js';
import type { CheckedTopology } from './check-topology.js';
import { macOfHost, type OvnShape, type OvnSubnet } from './shape.js';
import type { OvnTopologyGuest } from './topology.js';

/** The addresses of guests by their names. */
export type GuestAddresses = ReadonlyMap<string, readonly string[]>;

/**
 * Gives each guest of a topology its addresses: those that are given, else for each subnet of its network the one that is
 * reserved for it, or the first that nobody has.
 */
export function topologyAddresses({ networks, guests }: Pick<CheckedTopology, 'networks' | 'guests'>): GuestAddresses {
  const plugged = groupedBy(guests, ({ network }) => network);
  return new Map(networks.flatMap((shape) => addressesIn(shape, plugged.get(shape.name) ?? [])));
}

function addressesIn({ subnets }: OvnShape, guests: readonly OvnTopologyGuest[]): [string, readonly string[]][] {
  const given = new Set(guests.flatMap(({ addresses = [] }) => addresses.map(plain)));
  const pools = subnets.map((subnet) => poolOf(subnet, given));
  return guests.map((guest) => [guest.name, guest.addresses ?? pools.flatMap((pool) => pool(guest))]);
}

const plain = (address: string): string => parseAddress(address)?.text ?? address;

/** Gives one guest after the other its address of a subnet; nothing where the subnet is full. */
function poolOf({ subnet, ip }: OvnSubnet, given: ReadonlySet<string>): (guest: OvnTopologyGuest) => string[] {
  const hosts = ip.dhcp?.hosts ?? [];
  const reserved = new Set(hosts.map((host) => plain(host.ip)));
  const all = subnet.hosts();
  return (guest) => {
    const own = hosts.find((host) => isFor(host, guest));
    if (own !== undefined) return [own.ip];
    for (let next = all.next(); !next.done; next = all.next())
      if (!given.has(next.value) && !reserved.has(next.value)) return [next.value];
    return [];
  };
}

function isFor(host: DhcpHost, { name, mac }: OvnTopologyGuest): boolean {
  return host.name === name || (mac !== undefined && macOfHost(host) === macScalar.read(mac));
}
