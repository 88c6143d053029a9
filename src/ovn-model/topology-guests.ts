import { LibvirtError } from '../errors/index.js';
import { type Address, addressOf, type Family, parseAddress } from '../schema/address.js';
import type { DhcpHost } from '../schema/network/ip.js';
import { mac as macScalar } from '../schema/scalar.js';
import { madeOfMac, numberOf, poolOf, prefixOf } from './port-rows.js';
import { macOf, macOfHost, type OvnShape, type OvnSubnet, subnetsOf } from './shape.js';
import type { OvnTopologyGuest } from './topology.js';

/** A guest of a topology with its port. */
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
 * @param guests - checked
 * @throws `LibvirtError` code `INVALID_ARGUMENT` where no address is left
 */
export function guestNodesOf(guests: readonly OvnTopologyGuest[], shape: OvnShape): readonly GuestNode[] {
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

const givenMac = ({ mac }: OvnTopologyGuest): string | undefined =>
  mac === undefined ? undefined : macScalar.read(mac)?.toLowerCase();

const givenAddresses = ({ addresses }: OvnTopologyGuest): readonly Address[] | undefined =>
  addresses?.flatMap((text) => parseAddress(text) ?? []);

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
    const text = reservedFor(guest, shape, family) ?? freeIn(shape, family, { guest, taken });
    return text === undefined ? [] : (parseAddress(text) ?? []);
  });

const reservedFor = ({ mac }: Named, shape: OvnShape, family: Family): string | undefined =>
  subnetsOf(shape, family)
    .flatMap(({ ip }) => ip.dhcp?.hosts ?? [])
    .find((host) => macOfHost(host)?.toLowerCase() === mac)?.ip;

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
  throw new LibvirtError(
    'INVALID_ARGUMENT',
    `the subnet ${subnet.subnet.cidr} has no address left for guest "${guest.name}"`,
    { network: shape.name, hint: 'give the guest an address, or the subnet a larger range' },
  );
}

function* candidates({ subnet, ip }: OvnSubnet): Generator<string> {
  const ranges = ip.dhcp?.ranges ?? [];
  if (ranges.length === 0) yield* subnet.hosts();
  for (const { start, end } of ranges)
    for (let value = numberOf(start); value <= numberOf(end); value++) yield addressOf(subnet.family, value).text;
}
