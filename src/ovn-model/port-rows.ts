import { LibvirtError } from '../errors/index.js';
import { type Address, addressOf, type Family, parseAddress } from '../schema/address.js';
import { isHostName, quoted } from './option-texts.js';
import type { OvnRow } from './rows.js';
import { dhcpKeyFor, type OvnShape, type OvnSubnet, type Reservation, subnetsOf } from './shape.js';
import { holds } from './subnet-facts.js';
import type { NamedRow, OvsdbRowInput } from './values.js';

/** A guest's port in a network. */
export interface GuestPort {
  /** In lower case, with colons. */
  readonly mac: string;
  /** Name of the logical port: the interface id of the guest's NIC, a uuid. */
  readonly id: string;
  /** Addresses that were asked for: one of each family at most. */
  readonly ips: readonly string[];
  /** The IPv4 address that OVN has chosen for it, as long as OVN chooses. */
  readonly chosen?: string | undefined;
  /** The IPv4 address that it has otherwise. */
  readonly kept?: string | undefined;
}

/** How the keys of guests' rows begin. */
export const GUEST_KEYS = 'guest_';

export const keyOfGuest = (mac: string): string => GUEST_KEYS + mac.replaceAll(':', '_');

/** Mark of a guest's row with the addresses that were asked for. */
export const IPS_MARK = 'libvirt-network-ips';

/** Makes the ports of guests, once they are known. */
export type PortRows = (guests: readonly GuestPort[]) => readonly OvnRow[];

/**
 * Looks up once what a network has for its guests, and makes their ports of it.
 *
 * @returns a function that throws {@link LibvirtError} code `INVALID_ARGUMENT` for an address outside of the subnets, and for one that two
 *   guests would have
 */
export function portRowsFor(shape: OvnShape): PortRows {
  const offer = offerOf(shape);
  return (guests) => {
    const owners = new Map<string, string>();
    return guests.map((guest) => {
      const seat = seatOf(offer, guest);
      for (const { text } of seat.fixed) {
        const other = owners.get(text);
        if (other !== undefined) throw invalid(shape, guest, `${text} belongs to the guest ${other}`);
        owners.set(text, guest.mac);
      }
      return portRow(offer, guest, seat);
    });
  };
}

/** What a network has for its guests. */
interface Offer {
  readonly shape: OvnShape;
  readonly subnets: { readonly [family in Family]: readonly OvnSubnet[] };
  readonly pool: OvnSubnet | undefined;
  readonly prefix: OvnSubnet | undefined;
  /** The first reservation of each MAC address. */
  readonly reserved: { readonly [family in Family]: ReadonlyMap<string | undefined, Reservation> };
  /** The first host name of each MAC address that OVN can give, IPv4 before IPv6. */
  readonly hostNames: ReadonlyMap<string | undefined, string>;
  /** IPv4 addresses that are reserved for somebody. */
  readonly taken: ReadonlySet<string | undefined>;
}

function offerOf(shape: OvnShape): Offer {
  const [of4, of6] = [reservedIn(shape, 'ipv4'), reservedIn(shape, 'ipv6')];
  return {
    shape,
    subnets: { ipv4: subnetsOf(shape, 'ipv4'), ipv6: subnetsOf(shape, 'ipv6') },
    pool: poolOf(shape),
    prefix: prefixOf(shape),
    reserved: { ipv4: firstOfEach(of4), ipv6: firstOfEach(of6) },
    hostNames: new Map(
      [...of4, ...of6].reverse().flatMap(({ mac, host: { name } }) => (isGiven(name) ? [[mac, name]] : [])),
    ),
    taken: new Set(of4.map(({ address }) => address?.text)),
  };
}

const reservedIn = ({ reservations }: OvnShape, family: Family): readonly Reservation[] =>
  reservations.filter((one) => one.family === family);

/** The last one that goes into a map stays. */
const firstOfEach = (reservations: readonly Reservation[]): ReadonlyMap<string | undefined, Reservation> =>
  new Map([...reservations].reverse().map((one) => [one.mac, one]));

const isGiven = (name: string | undefined): name is string => name !== undefined && isHostName(name);

/** What a guest gets. */
interface Seat {
  /** Addresses that stay: reserved, asked for, or kept. */
  readonly fixed: readonly Address[];
  /** True if OVN chooses. */
  readonly isDynamic: boolean;
}

function portRow(offer: Offer, { mac, id, ips }: GuestPort, { fixed, isDynamic }: Seat): OvnRow {
  const name = offer.hostNames.get(mac);
  const columns: OvsdbRowInput = {
    name: id,
    addresses: [[mac, ...(isDynamic ? ['dynamic'] : fixed.map(({ text }) => text))].join(' ')],
    dhcpv4_options: optionsOf(isDynamic ? offer.pool : subnetWith(offer, 'ipv4', fixed), mac),
    dhcpv6_options: optionsOf(isDynamic ? offer.prefix : subnetWith(offer, 'ipv6', fixed), mac),
    options: name === undefined ? {} : { hostname: quoted(name) },
  };
  const marks = ips.length === 0 ? {} : { [IPS_MARK]: ips.join(' ') };
  return { table: 'Logical_Switch_Port', key: keyOfGuest(mac), columns, marks };
}

function optionsOf(subnet: OvnSubnet | undefined, mac: string): NamedRow | undefined {
  const named = subnet === undefined ? undefined : dhcpKeyFor(subnet, mac);
  return named === undefined ? undefined : { named };
}

function seatOf(offer: Offer, guest: GuestPort): Seat {
  const asked = guest.ips.flatMap((text) => parseAddress(text) ?? []);
  const fixed4 = fixedFor(offer, guest, 'ipv4', asked) ?? keptFor(offer, guest);
  const fixed6 = fixedFor(offer, guest, 'ipv6', asked);
  const isDynamic = fixed4 === undefined && offer.pool !== undefined;
  if (isDynamic && fixed6 !== undefined)
    throw invalid(offer.shape, guest, 'it has a fixed IPv6 address and no IPv4 one: fix both');
  const made6 = isDynamic ? undefined : (fixed6 ?? madeOfMac(offer.prefix, guest.mac));
  return { fixed: [fixed4, made6].filter((ip) => ip !== undefined), isDynamic };
}

/** The address that was asked for, or that is reserved. */
function fixedFor(offer: Offer, guest: GuestPort, family: Family, all: readonly Address[]): Address | undefined {
  const asked = all.find((address) => address.family === family);
  if (asked === undefined) return offer.reserved[family].get(guest.mac)?.address;
  if (subnetWith(offer, family, [asked]) === undefined)
    throw invalid(offer.shape, guest, `${asked.text} is in none of the subnets`);
  return asked;
}

/** An address that the guest has and would lose: it would use it until its lease ends, and have no network. */
function keptFor(offer: Offer, { chosen, kept }: GuestPort): Address | undefined {
  const own = parseAddress(kept ?? chosen ?? '');
  if (own === undefined || (kept === undefined && isInRanges(offer.pool, own))) return undefined;
  if (subnetWith(offer, 'ipv4', [own]) === undefined) return undefined;
  return offer.taken.has(own.text) ? undefined : own;
}

const isInRanges = (pool: OvnSubnet | undefined, { value }: Address): boolean =>
  (pool?.ip.dhcp?.ranges ?? []).some(({ start, end }) => numberOf(start) <= value && value <= numberOf(end));

const numberOf = (ip: string): bigint => parseAddress(ip)?.value ?? 0n;

/** The subnet of which OVN chooses IPv4 addresses. */
export const poolOf = (shape: OvnShape): OvnSubnet | undefined =>
  subnetsOf(shape, 'ipv4').find(({ ip }) => (ip.dhcp?.ranges?.length ?? 0) > 0);

/** The subnet of which IPv6 addresses are made: half of such an address is made of the MAC address. */
export const prefixOf = (shape: OvnShape): OvnSubnet | undefined =>
  subnetsOf(shape, 'ipv6').find(({ dhcpKey, prefix }) => dhcpKey !== undefined && prefix === 64);

const subnetWith = ({ subnets }: Offer, family: Family, addresses: readonly Address[]): OvnSubnet | undefined =>
  subnets[family].find((subnet) => addresses.some((address) => holds(subnet, address)));

/** An address of the prefix and the MAC address, as OVN makes them. Source: RFC 4291, appendix A. */
export function madeOfMac(prefix: OvnSubnet | undefined, mac: string): Address | undefined {
  if (prefix === undefined) return undefined;
  const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const [first = 0, ...rest] = bytes;
  const all = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  const low = all.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return addressOf('ipv6', (parseAddress(prefix.network)?.value ?? 0n) | low);
}

const invalid = ({ name }: OvnShape, { mac }: GuestPort, why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `the guest ${mac} cannot have its port in network "${name}": ${why}`, {
    network: name,
    hint: `pass another ip to port(), or take the port away: removePort('${name}', '${mac}')`,
  });
