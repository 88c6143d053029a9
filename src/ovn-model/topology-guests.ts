import { invalid } from '../options/expect.js';
import { type Address, addressOf, type Family, parseAddress } from '../schema/address.js';
import { mac as macScalar } from '../schema/scalar.js';
import { type GuestPort, madeOfMac, poolOf, prefixOf } from './port-rows.js';
import { macOf, type OvnShape, type OvnSubnet, subnetsOf } from './shape.js';
import type { OvnTopologyGuest } from './topology.js';

/** A guest of a topology with everything that its port has. */
export interface GuestNode {
  readonly name: string;
  readonly network: string;
  readonly mac: string;
  readonly addresses: readonly Address[];
  readonly chassis: string | undefined;
  readonly isPlugged: boolean;
}

/**
 * Gives the guests of a network MAC addresses and addresses, where they have none yet: what OVN would give them.
 *
 * @param guests - of a checked topology
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for two guests of one MAC address, and for a guest with two addresses of one family
 */
export function guestNodesOf(guests: readonly OvnTopologyGuest[], shape: OvnShape): readonly GuestNode[] {
  assertOwnMacs(guests);
  const macs = new Set([shape.routerMac.toLowerCase(), ...guests.flatMap((guest) => givenMac(guest) ?? [])]);
  const given = new Set(guests.flatMap((guest) => (givenAddresses(guest) ?? []).map(({ text }) => text)));
  const usual = usualAddresses(shape, given);
  return guests.map((guest) => {
    const { name, network, chassis, up: isPlugged = chassis !== undefined } = guest;
    const mac = givenMac(guest) ?? reservedMac(shape, name, macs) ?? freeMac(`${network} ${name}`, macs);
    macs.add(mac);
    return { name, network, mac, addresses: givenAddresses(guest) ?? usual(mac), chassis, isPlugged };
  });
}

/** The port of a guest as the rows take it; its name is that of the guest. */
export const portOfGuest = ({ name, mac, addresses }: GuestNode): GuestPort => ({
  mac,
  id: name,
  ips: addresses.map(({ text }) => text),
});

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

function givenMac({ mac }: OvnTopologyGuest): string | undefined {
  const read = mac === undefined ? undefined : macScalar.read(mac);
  return read === undefined ? undefined : macScalar.write(read).toLowerCase();
}

function givenAddresses({ name, addresses }: OvnTopologyGuest): readonly Address[] | undefined {
  const read = addresses?.flatMap((text) => parseAddress(text) ?? []);
  if (read === undefined || new Set(read.map(({ family }) => family)).size === read.length) return read;
  throw invalid(`guest "${name}" has two addresses of one family`, 'a port of OVN has one address of each family');
}

/** The MAC address that a reservation has for a name. */
function reservedMac({ reservations }: OvnShape, guest: string, taken: ReadonlySet<string>): string | undefined {
  const mac = reservations.find(({ host }) => host.name === guest)?.mac?.toLowerCase();
  return mac !== undefined && taken.has(mac) ? undefined : mac;
}

function freeMac(text: string, taken: ReadonlySet<string>): string {
  for (let i = 0; ; i++) {
    const mac = macOf(`${text} ${i}`);
    if (!taken.has(mac)) return mac;
  }
}

/** Gives one guest after the other the addresses that are reserved for it, else free ones; none of a family whose subnet is full. */
function usualAddresses(shape: OvnShape, given: ReadonlySet<string>): (mac: string) => readonly Address[] {
  const others = new Set(shape.reservations.map(({ address }) => address?.text));
  const families = (['ipv4', 'ipv6'] as const).map((family) => ({ family, free: freeAddresses(shape, family) }));
  const next = (free: Iterator<string>): Address | undefined => {
    for (let one = free.next(); !one.done; one = free.next())
      if (!given.has(one.value) && !others.has(one.value)) return parseAddress(one.value);
    return undefined;
  };
  return (mac) =>
    families.flatMap(
      ({ family, free }) => reservedFor(shape, family, mac) ?? madeFor(shape, family, mac) ?? next(free) ?? [],
    );
}

const reservedFor = ({ reservations }: OvnShape, family: Family, mac: string): Address | undefined =>
  reservations.find((one) => one.family === family && one.mac?.toLowerCase() === mac)?.address;

/** The address that OVN makes of a prefix and a MAC address. */
const madeFor = (shape: OvnShape, family: Family, mac: string): Address | undefined =>
  family === 'ipv4' ? undefined : madeOfMac(prefixOf(shape), mac);

/** The free addresses of the subnet that guests are in: of its ranges, where it has some. */
function* freeAddresses(shape: OvnShape, family: Family): Generator<string, void> {
  const subnet: OvnSubnet | undefined = (family === 'ipv4' ? poolOf(shape) : undefined) ?? subnetsOf(shape, family)[0];
  const ranges = subnet?.ip.dhcp?.ranges ?? [];
  if (subnet !== undefined && ranges.length === 0) yield* subnet.subnet.hosts();
  for (const { start, end } of ranges)
    for (let value = numberOf(start); value <= numberOf(end); value++) yield addressOf(family, value).text;
}

const numberOf = (text: string): bigint => parseAddress(text)?.value ?? 0n;
