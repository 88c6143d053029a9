import { shown } from '../../options/shown.js';
import { type GuestPort, madeOfMac, poolOf, prefixOf } from '../../ovn-model/port-rows.js';
import { macOf, macOfHost, type OvnShape, type OvnSubnet, subnetsOf } from '../../ovn-model/shape.js';
import type { OvnTopologyGuest } from '../../ovn-model/topology.js';
import { type Address, addressOf, type Family, parseAddress } from '../../schema/address.js';
import type { DhcpHost } from '../../schema/network/ip.js';
import { mac as macScalar } from '../../schema/scalar.js';
import { numberOf } from '../flow/addresses.js';
import { invalid, listOf } from './check-topology.js';

/** A guest with its port. */
export interface GuestNode {
  readonly name: string;
  readonly network: string;
  readonly mac: string;
  readonly addresses: readonly Address[];
  readonly chassis: string | undefined;
  readonly isPlugged: boolean;
}

/**
 * Gives the guests of a network MAC addresses and addresses, where they have none yet.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT`
 */
export function guestNodesOf(guests: readonly OvnTopologyGuest[], shape: OvnShape): readonly GuestNode[] {
  assertOwnMacs(guests);
  const macs = new Set([shape.routerMac.toLowerCase(), ...guests.flatMap((guest) => givenMac(guest) ?? [])]);
  const taken = new Set(guests.flatMap((guest) => givenAddresses(guest)?.map(({ text }) => text) ?? []));
  return guests.map((guest) => {
    const { name, network, chassis, up: isPlugged = chassis !== undefined } = guest;
    const mac = givenMac(guest) ?? reservedMac(shape, name, macs) ?? freeMac(`${network} ${name}`, macs);
    macs.add(mac);
    const addresses = givenAddresses(guest) ?? usualAddresses({ name, mac }, shape, taken);
    for (const { text } of addresses) taken.add(text);
    return { name, network, mac, addresses, chassis, isPlugged };
  });
}

/** OVN knows guests of a network by their MAC addresses. */
function assertOwnMacs(guests: readonly OvnTopologyGuest[]): void {
  const owners = new Map<string, string>();
  for (const guest of guests) {
    const mac = givenMac(guest);
    const owner = mac === undefined ? undefined : owners.get(mac);
    if (owner !== undefined)
      throw invalid(`guests "${owner}" and "${guest.name}" both have the MAC address ${mac}`, 'give each its own');
    if (mac !== undefined) owners.set(mac, guest.name);
  }
}

/** The port of a guest as the rows take it; its name is that of the guest. */
export const portOfGuest = ({ name, mac, addresses }: GuestNode): GuestPort => ({
  mac,
  id: name,
  ips: addresses.map(({ text }) => text),
});

function givenMac({ name, mac }: OvnTopologyGuest): string | undefined {
  if (mac === undefined) return undefined;
  const read = typeof mac === 'string' ? macScalar.read(mac) : undefined;
  if (read !== undefined) return macScalar.write(read).toLowerCase();
  throw invalid(`'${shown(mac)}' of guest "${name}" is not a MAC address`, 'such as 52:54:00:00:00:01');
}

function givenAddresses({ name, addresses }: OvnTopologyGuest): readonly Address[] | undefined {
  if (addresses === undefined) return undefined;
  const read = listOf('addresses of a guest', addresses).map((text) => addressOfGuest(name, text));
  if (new Set(read.map(({ family }) => family)).size === read.length) return read;
  throw invalid(`guest "${name}" has two addresses of one family`, 'a port of OVN has one address of each family');
}

function addressOfGuest(guest: string, text: string): Address {
  const address = typeof text === 'string' ? parseAddress(text) : undefined;
  if (address !== undefined) return address;
  throw invalid(`'${shown(text)}' of guest "${guest}" is not an address`, "write it as '172.30.0.10'");
}

const hostsOf = ({ subnets }: OvnShape): readonly DhcpHost[] => subnets.flatMap(({ ip }) => ip.dhcp?.hosts ?? []);

/** The MAC address that a reservation has for a name. */
function reservedMac(shape: OvnShape, guest: string, taken: ReadonlySet<string>): string | undefined {
  const host = hostsOf(shape).find(({ name }) => name === guest);
  const mac = host === undefined ? undefined : macOfHost(host)?.toLowerCase();
  return mac !== undefined && taken.has(mac) ? undefined : mac;
}

function freeMac(text: string, taken: ReadonlySet<string>): string {
  for (let i = 0; ; i++) {
    const mac = macOf(`${text} ${i}`);
    if (!taken.has(mac)) return mac;
  }
}

type Named = Pick<GuestNode, 'name' | 'mac'>;

/** What OVN would give a guest: the reserved address, else a free one. */
const usualAddresses = (guest: Named, shape: OvnShape, taken: ReadonlySet<string>): readonly Address[] =>
  (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const reserved = reservedFor(guest, shape, family);
    const text = reserved ?? freeIn(shape, family, { guest, taken });
    return text === undefined ? [] : (parseAddress(text) ?? []);
  });

function reservedFor({ mac }: Named, shape: OvnShape, family: Family): string | undefined {
  const hosts = subnetsOf(shape, family).flatMap(({ ip }) => ip.dhcp?.hosts ?? []);
  return hosts.find((host) => macOfHost(host)?.toLowerCase() === mac)?.ip;
}

interface Wish {
  readonly guest: Named;
  readonly taken: ReadonlySet<string>;
}

/** A free address: of the ranges where there are some; of IPv6 the one that is made of the MAC address. */
function freeIn(shape: OvnShape, family: Family, { guest, taken }: Wish): string | undefined {
  const subnet = (family === 'ipv4' ? poolOf(shape) : prefixOf(shape)) ?? subnetsOf(shape, family)[0];
  if (subnet === undefined) return undefined;
  if (family === 'ipv6' && subnet.subnet.prefix === 64) return madeOfMac(subnet, guest.mac);
  const others = new Set(hostsOf(shape).map(({ ip }) => parseAddress(ip)?.text));
  for (const address of candidates(subnet)) if (!taken.has(address) && !others.has(address)) return address;
  throw invalid(
    `the subnet ${subnet.subnet.cidr} has no address left for guest "${guest.name}"`,
    'give the guest an address, or the subnet a larger range',
  );
}

function* candidates({ subnet, ip }: OvnSubnet): Generator<string> {
  const ranges = ip.dhcp?.ranges ?? [];
  if (ranges.length === 0) yield* subnet.hosts();
  for (const { start, end } of ranges)
    for (let value = numberOf(start); value <= numberOf(end); value++) yield addressOf(subnet.family, value).text;
}
