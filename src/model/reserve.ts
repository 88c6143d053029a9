import { LibvirtError } from '../errors/index.js';
import type { OptionNames } from '../options/options.js';
import { addressOf, parseAddress, readAddress } from '../schema/address.js';
import type { DnsHost } from '../schema/network/dns.js';
import type { DhcpHost, DhcpRange, Ip } from '../schema/network/ip.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { ip as ipScalar, normalizeMac } from '../schema/scalar.js';
import { itemsOf } from './argument.js';
import { guestSpan, type Span, Subnet } from './subnet.js';

/** Whom an address is reserved for. Source: "Addressing" of libvirt's network format page. */
export interface Reservation {
  /** The guest's MAC address; IPv4 only. */
  readonly mac?: string;
  /** The guest's DUID; IPv6 only. */
  readonly id?: string;
  /** The guest's host name. */
  readonly name?: string;
  /** Address to reserve. Default: the first free one outside the ranges. */
  readonly ip?: string;
}

/** What a reservation may do to the ranges of its subnet. */
export interface ReserveOptions {
  /**
   * For an address inside a range: `shorten` takes it out of the range, so that the file shows who has what; `keep` leaves
   * the range as it is, since dnsmasq gives a reserved address to nobody else; `avoid` reserves no such address.
   * Default: `shorten`.
   */
  readonly ranges?: 'shorten' | 'keep' | 'avoid' | undefined;
  /**
   * The network as the host has it, such as a handle's `read()` returns it. A guest without a given address keeps the one that it
   * has there, and gets none that another guest has there. Default: addresses go by the order of the calls, so that a call
   * that is inserted before others moves the addresses of all that follow.
   */
  readonly like?: { readonly document: NetworkDocument } | undefined;
}

/** The properties of a reservation. */
export const RESERVATION: OptionNames<Reservation> = { mac: true, id: true, name: true, ip: true };

/** The options of `reserve`. */
export const RESERVE_OPTIONS: OptionNames<ReserveOptions> = { ranges: true, like: true };

const invalid = (message: string, network: string, hint?: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `cannot reserve an address in network "${network}": ${message}`, {
    network,
    hint,
  });

/**
 * The subnets with a reservation more, or the same ones when the guest has it. The subnet is the first that fits: one
 * that serves DHCP, else the first.
 */
export function reserveAmong(
  ips: readonly Ip[],
  who: Reservation,
  document: NetworkDocument,
  { ranges = 'shorten', like }: ReserveOptions = {},
): readonly Ip[] {
  const network = document.name;
  if (!RANGE_USES.includes(ranges))
    throw invalid(`'${String(ranges)}' says nothing about ranges`, network, `use one of ${RANGE_USES.join(', ')}`);
  const fits = fitting(ips, who, network);
  const present = fits.flatMap((ip) => ip.dhcp?.hosts ?? []).find((host) => isSameGuest(host, who));
  if (present !== undefined) {
    if (hasAll(present, who)) return ips;
    throw invalid(`the guest has ${present.ip} already`, network, 'see reservation(); with() replaces it');
  }
  const target = fits.find((ip) => ip.dhcp !== undefined) ?? fits[0];
  if (target === undefined) throw noSubnet(ips, who, network);
  const claims = { document, onHost: like?.document };
  return ips.map((ip) => (ip === target ? reserveIn(ip, who, claims, ranges) : ip));
}

/** The first reservation that has all of what is given. */
export const findReservation = (ips: readonly Ip[], who: Reservation): DhcpHost | undefined =>
  ips.flatMap((ip) => ip.dhcp?.hosts ?? []).find((host) => hasAll(host, who));

function noSubnet(ips: readonly Ip[], { ip = 'the guest' }: Reservation, network: string): LibvirtError {
  const known = ips.map((one) => Subnet.of(one)?.cidr ?? one.address).join(', ') || 'none';
  return invalid(`no subnet fits ${ip}: it has ${known}`, network, 'add one with subnet()');
}

/** Subnets of the family that the guest asks for: IPv6 for a DUID or such an address, else IPv4 where there is any. */
function fitting(ips: readonly Ip[], who: Reservation, network: string): readonly Ip[] {
  const { ip: wanted } = who;
  if (wanted !== undefined) {
    if (parseAddress(String(wanted)) === undefined)
      throw invalid(`'${wanted}' is not an IP address`, network, 'write all of it, without leading zeros');
    return ips.filter((ip) => Subnet.of(ip)?.contains(wanted));
  }
  const isIpv6 = (ip: Ip): boolean => readAddress(ip.address)?.family === 'ipv6';
  const [ipv4, ipv6] = [ips.filter((ip) => !isIpv6(ip)), ips.filter(isIpv6)];
  if (who.id !== undefined) return ipv6;
  return ipv4.length > 0 || who.mac !== undefined ? ipv4 : ipv6;
}

/** A guest is known by its MAC address or DUID, and by its name where it has neither. */
function isSameGuest(host: DhcpHost, { mac, id, name }: Reservation): boolean {
  if (mac === undefined && id === undefined) return name !== undefined && hasAll(host, { name });
  return (mac !== undefined && hasAll(host, { mac })) || (id !== undefined && hasAll(host, { id }));
}

const SPELLINGS: Readonly<Record<keyof Reservation, (text: string) => string>> = {
  mac: (text) => normalizeMac(text) ?? text,
  id: (text) => text.toLowerCase(),
  name: (text) => text.toLowerCase(),
  ip: ipScalar.write,
};
const KEYS = ['mac', 'id', 'name', 'ip'] as const;

/** Tells whether a reservation has all given properties, in any spelling. */
function hasAll(host: DhcpHost, who: Reservation): boolean {
  return KEYS.every((key) => {
    const [own, wanted] = [host[key], who[key]];
    // Documents can come from anywhere, so that a name may be a number.
    const same = () => SPELLINGS[key](String(own)) === SPELLINGS[key](String(wanted));
    return wanted === undefined || (own !== undefined && same());
  });
}

/**
 * Reserves an address in a subnet. Free addresses outside the DHCP ranges are taken first, ascending; when
 * there is none, the last free one of the ranges, if these may be used.
 */
function reserveIn(ip: Ip, who: Reservation, claims: Claims, use: RangeUse): Ip {
  const { document } = claims;
  const [own, subnet] = [readAddress(ip.address), Subnet.of(ip)];
  if (own === undefined || subnet === undefined)
    throw invalid(`the subnet of '${ip.address}' has no usable prefix`, document.name);
  const span = guestSpan(own, subnet.prefix);
  const value =
    who.ip === undefined
      ? (keptAddress(span, who, claims) ?? freeAddress(ip, span, who, claims))
      : wantedAddress(ip, span, who.ip, document);
  const isInRange = (ip.dhcp?.ranges ?? []).some((range) => within(value, spanOf(range)));
  if (isInRange && use === 'avoid') throw onlyInRange(ip, who, document);
  const host: DhcpHost = { ...who, ip: addressOf(own.family, value).text };
  const ranges = ip.dhcp?.ranges?.flatMap((range) => (use === 'keep' ? [range] : splitAround(range, value)));
  return {
    ...ip,
    dhcp: { ...ip.dhcp, ...(ranges === undefined ? {} : { ranges }), hosts: [...(ip.dhcp?.hosts ?? []), host] },
  };
}

/** Whose addresses count: those of the network itself, and of the network as the host has it. */
interface Claims {
  readonly document: NetworkDocument;
  readonly onHost?: NetworkDocument | undefined;
}

/** The address that the guest has on the host, if it can have it here. */
function keptAddress(span: Span, who: Reservation, { document, onHost }: Claims): bigint | undefined {
  const hosts = itemsOf(onHost?.ips).flatMap((ip) => itemsOf(ip.dhcp?.hosts));
  const value = numberOf(hosts.find((host) => isSameGuest(host, who))?.ip ?? '');
  return within(value, span) && !owned(document).map(numberOf).includes(value) ? value : undefined;
}

type RangeUse = NonNullable<ReserveOptions['ranges']>;
const RANGE_USES: readonly RangeUse[] = ['shorten', 'keep', 'avoid'];

const onlyInRange = ({ address }: Ip, { ip: wanted }: Reservation, { name }: NetworkDocument): LibvirtError =>
  invalid(
    wanted === undefined ? `every free address of ${address} is in a range` : `${wanted} is in a range`,
    name,
    "make the range smaller, or let ranges be 'shorten' or 'keep'",
  );

// As libvirt reads it: documents may spell addresses loosely.
const numberOf = (text: string): bigint => readAddress(text)?.value ?? -1n;
const spanOf = ({ start, end }: DhcpRange): Span => ({ start: numberOf(start), end: numberOf(end) });
const within = (value: bigint, { start, end }: Span): boolean => start <= value && value <= end;

/** The addresses that the host and other guests have. */
const owned = ({ ips }: NetworkDocument): readonly string[] =>
  itemsOf(ips).flatMap((ip) => [ip.address, ...itemsOf(ip.dhcp?.hosts).map((host) => host.ip)]);

/**
 * Addresses with a purpose: next hops of routes, and addresses that DNS gives to another name. They are never chosen automatically; the router or server that they are for asks for them.
 */
const expected = ({ routes, dns }: NetworkDocument, { name }: Reservation): readonly string[] => [
  ...itemsOf(routes).map((route) => route.gateway),
  ...itemsOf(dns?.hosts).flatMap((host) => (isNamed(host, name) ? [] : host.ip)),
];

const isNamed = ({ hostnames }: DnsHost, name: string | undefined): boolean =>
  name !== undefined && itemsOf(hostnames).some((one) => SPELLINGS.name(one) === SPELLINGS.name(String(name)));

function freeAddress(ip: Ip, { start, end }: Span, who: Reservation, { document, onHost }: Claims): bigint {
  const others = onHost === undefined ? [] : owned(onHost);
  const taken = new Set([...owned(document), ...expected(document, who), ...others].map(numberOf));
  const ranges = (ip.dhcp?.ranges ?? []).map(spanOf).sort((a, b) => (a.start < b.start ? -1 : 1));
  for (let value = start; value <= end; value++) {
    const range = ranges.find((span) => within(value, span));
    if (range !== undefined) value = range.end;
    else if (!taken.has(value)) return value;
  }
  for (const range of [...ranges].reverse()) {
    for (let value = range.end; value >= range.start; value--) if (!taken.has(value)) return value;
  }
  throw invalid(`the subnet of ${ip.address} is full`, document.name, 'widen the subnet');
}

function wantedAddress(ip: Ip, span: Span, wanted: string, document: NetworkDocument): bigint {
  const value = numberOf(wanted);
  if (!within(value, span)) throw invalid(`guests of ${ip.address} cannot have ${wanted}`, document.name);
  if (owned(document).map(numberOf).includes(value))
    throw invalid(`${wanted} is taken`, document.name, 'leave ip out to get a free one');
  return value;
}

function splitAround(range: DhcpRange, value: bigint): DhcpRange[] {
  const span = spanOf(range);
  if (!within(value, span)) return [range];
  const family = range.start.includes(':') ? 'ipv6' : 'ipv4';
  const parts: DhcpRange[] = [];
  if (value > span.start) parts.push({ ...range, end: addressOf(family, value - 1n).text });
  if (value < span.end) parts.push({ ...range, start: addressOf(family, value + 1n).text });
  return parts;
}
