import { LibvirtError } from '../errors/index.js';
import { addressOf, type Family, parseAddress } from '../schema/address.js';
import { compact } from '../schema/values.js';
import { isHostName, quoted } from './option-texts.js';
import type { OvnRow } from './rows.js';
import { dhcpKeyFor, macOfHost, type OvnShape, type OvnSubnet, subnetsOf } from './shape.js';
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

/** Key of a guest's row. */
export const keyOfGuest = (mac: string): string => `guest_${mac.replaceAll(':', '_')}`;

/** Mark of a guest's row with the addresses that were asked for. */
export const IPS_MARK = 'libvirt-network-ips';

/**
 * The ports of guests.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for an address outside of the subnets, and for one that two guests would have
 */
export function portRows(shape: OvnShape, guests: readonly GuestPort[]): readonly OvnRow[] {
  const owners = new Map<string, string>();
  return guests.map((guest) => {
    const addresses = addressesFor(shape, guest);
    for (const ip of addresses.fixed) {
      const other = owners.get(ip);
      if (other !== undefined) throw invalid(shape, guest, `${ip} belongs to the guest ${other}`);
      owners.set(ip, guest.mac);
    }
    const marks = guest.ips.length === 0 ? {} : { [IPS_MARK]: guest.ips.join(' ') };
    return {
      table: 'Logical_Switch_Port',
      key: keyOfGuest(guest.mac),
      columns: columnsOf(shape, guest, addresses),
      marks,
    };
  });
}

interface Addresses {
  /** Addresses that stay: reserved, asked for, or kept. */
  readonly fixed: readonly string[];
  /** True if OVN chooses. */
  readonly isDynamic: boolean;
}

function columnsOf(shape: OvnShape, { mac, id }: GuestPort, { fixed, isDynamic }: Addresses): OvsdbRowInput {
  const pool = isDynamic ? poolOf(shape) : undefined;
  const name = nameFor(shape, mac);
  return {
    name: id,
    addresses: [[mac, ...(isDynamic ? ['dynamic'] : fixed)].join(' ')],
    dhcpv4_options: optionsOf(pool ?? subnetWith(shape, 'ipv4', fixed), mac),
    dhcpv6_options: optionsOf(isDynamic ? prefixOf(shape) : subnetWith(shape, 'ipv6', fixed), mac),
    options: compact({ hostname: name === undefined ? undefined : quoted(name) }),
  };
}

function optionsOf(subnet: OvnSubnet | undefined, mac: string): NamedRow | undefined {
  const named = subnet === undefined ? undefined : dhcpKeyFor(subnet, mac);
  return named === undefined ? undefined : { named };
}

function addressesFor(shape: OvnShape, guest: GuestPort): Addresses {
  const fixed4 = fixedFor(shape, guest, 'ipv4') ?? keptFor(shape, guest);
  const fixed6 = fixedFor(shape, guest, 'ipv6');
  const isDynamic = fixed4 === undefined && poolOf(shape) !== undefined;
  if (isDynamic && fixed6 !== undefined)
    throw invalid(shape, guest, 'it has a fixed IPv6 address and no IPv4 one: fix both');
  const made6 = isDynamic ? undefined : (fixed6 ?? madeOfMac(prefixOf(shape), guest.mac));
  return { fixed: [fixed4, made6].filter((ip) => ip !== undefined), isDynamic };
}

/** The address that was asked for, or that is reserved. */
function fixedFor(shape: OvnShape, guest: GuestPort, family: Family): string | undefined {
  const asked = guest.ips.flatMap((text) => parseAddress(text) ?? []).find((address) => address.family === family);
  if (asked === undefined) return reservedFor(shape, guest.mac, family);
  if (subnetWith(shape, family, [asked.text]) === undefined)
    throw invalid(shape, guest, `${asked.text} is in none of the subnets`);
  return asked.text;
}

const hostsOf = (shape: OvnShape, family: Family) => subnetsOf(shape, family).flatMap(({ ip }) => ip.dhcp?.hosts ?? []);

const reservedFor = (shape: OvnShape, mac: string, family: Family): string | undefined => {
  const ip = hostsOf(shape, family).find((host) => macOfHost(host) === mac)?.ip;
  return ip === undefined ? undefined : parseAddress(ip)?.text;
};

const nameFor = (shape: OvnShape, mac: string): string | undefined =>
  [...hostsOf(shape, 'ipv4'), ...hostsOf(shape, 'ipv6')]
    .filter((host) => macOfHost(host) === mac)
    .map(({ name }) => name)
    .find((name) => name !== undefined && isHostName(name));

/** An address that the guest has and would lose: it would use it until its lease ends, and have no network. */
function keptFor(shape: OvnShape, { chosen, kept }: GuestPort): string | undefined {
  const own = kept ?? (chosen === undefined || isInRanges(shape, chosen) ? undefined : chosen);
  if (own === undefined || subnetWith(shape, 'ipv4', [own]) === undefined) return undefined;
  return hostsOf(shape, 'ipv4').some(({ ip }) => parseAddress(ip)?.text === own) ? undefined : own;
}

function isInRanges(shape: OvnShape, ip: string): boolean {
  const value = numberOf(ip);
  return (poolOf(shape)?.ip.dhcp?.ranges ?? []).some(
    ({ start, end }) => numberOf(start) <= value && value <= numberOf(end),
  );
}

const numberOf = (ip: string): bigint => parseAddress(ip)?.value ?? 0n;

/** The subnet of which OVN chooses IPv4 addresses. */
export const poolOf = (shape: OvnShape): OvnSubnet | undefined =>
  subnetsOf(shape, 'ipv4').find(({ ip }) => (ip.dhcp?.ranges?.length ?? 0) > 0);

/** The subnet of which IPv6 addresses are made: half of such an address is made of the MAC address. */
export const prefixOf = (shape: OvnShape): OvnSubnet | undefined =>
  subnetsOf(shape, 'ipv6').find(({ dhcpKey, subnet }) => dhcpKey !== undefined && subnet.prefix === 64);

const subnetWith = (shape: OvnShape, family: Family, ips: readonly string[]): OvnSubnet | undefined =>
  subnetsOf(shape, family).find(({ subnet }) =>
    ips.some((ip) => ip.includes(':') === (family === 'ipv6') && subnet.contains(ip)),
  );

/** An address of the prefix and the MAC address, as OVN makes them. Source: RFC 4291, appendix A. */
export function madeOfMac(prefix: OvnSubnet | undefined, mac: string): string | undefined {
  if (prefix === undefined) return undefined;
  const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const [first = 0, ...rest] = bytes;
  const all = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  const low = all.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return addressOf('ipv6', (parseAddress(prefix.subnet.network)?.value ?? 0n) | low).text;
}

const invalid = ({ name }: OvnShape, { mac }: GuestPort, why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `the guest ${mac} cannot have its port in network "${name}": ${why}`, {
    network: name,
    hint: `pass another ip to port(), or take the port away: removePort('${name}', '${mac}')`,
  });
