import { LibvirtError } from '../errors/index.js';
import { addressOf, parseAddress } from '../schema/address.js';
import type { DhcpHost, DhcpRange, Ip } from '../schema/network/ip.js';
import { normalizeMac } from '../schema/scalar.js';
import { guestSpan, type Span, Subnet } from './subnet.js';

/** Whom an address is reserved for. Source: "Addressing" of libvirt's network format page. */
export interface Reservation {
  /** The guest's MAC address; IPv4 only. */
  readonly mac?: string;
  /** The guest's DUID; IPv6 only. */
  readonly id?: string;
  /** The guest's host name. */
  readonly name?: string;
  /** The address wanted. Default: the first free one outside the ranges. */
  readonly ip?: string;
}

const invalid = (message: string, network: string, hint?: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `cannot reserve an address in network "${network}": ${message}`, {
    network,
    hint,
  });

/**
 * The subnets with a reservation more, or the same ones when the guest has it. The subnet is the first that fits: one
 * that serves DHCP, else the first.
 */
export function reserveAmong(ips: readonly Ip[], who: Reservation, network: string): readonly Ip[] {
  const fits = fitting(ips, who);
  const present = fits.flatMap((ip) => ip.dhcp?.hosts ?? []).find((host) => isSameGuest(host, who));
  if (present !== undefined) {
    if (hasAll(present, who)) return ips;
    throw invalid(`the guest has ${present.ip} already`, network, 'see reservation(); with() replaces it');
  }
  const target = fits.find((ip) => ip.dhcp !== undefined) ?? fits[0];
  if (target === undefined) throw invalid('no subnet fits', network, 'add one with subnet()');
  return ips.map((ip) => (ip === target ? reserveIn(ip, who, network) : ip));
}

/** The first reservation that has all of what is given. */
export const findReservation = (ips: readonly Ip[], who: Reservation): DhcpHost | undefined =>
  ips.flatMap((ip) => ip.dhcp?.hosts ?? []).find((host) => hasAll(host, who));

/** Subnets of the family that the guest asks for: IPv6 for a DUID or such an address, else IPv4 where there is any. */
function fitting(ips: readonly Ip[], who: Reservation): readonly Ip[] {
  const { ip: wanted } = who;
  if (wanted !== undefined) {
    const readable = parseAddress(String(wanted)) !== undefined;
    return readable ? ips.filter((ip) => Subnet.of(ip)?.contains(wanted)) : [];
  }
  const [ipv4, ipv6] = [ips.filter((ip) => ip.family !== 'ipv6'), ips.filter((ip) => ip.family === 'ipv6')];
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
  ip: (text) => parseAddress(text)?.text ?? text,
};
const KEYS = ['mac', 'id', 'name', 'ip'] as const;

/** Whether a reservation has all of what is given, in any spelling. */
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
 * there is none, the last free one of the ranges. A range that holds the address is split around it, so
 * that no other guest can have it.
 */
function reserveIn(ip: Ip, { ip: wanted, ...who }: Reservation, network: string): Ip {
  const span = usable(ip);
  if (span === undefined) throw invalid(`the subnet of '${ip.address}' has no usable prefix`, network);
  const value = wanted === undefined ? freeAddress(ip, span) : wantedAddress(ip, span, wanted, network);
  if (value === undefined) throw invalid(`the subnet of ${ip.address} is full`, network, 'widen the subnet');
  const host: DhcpHost = { ...who, ip: addressOf(ip.family ?? 'ipv4', value).text };
  const ranges = ip.dhcp?.ranges?.flatMap((range) => splitAround(range, value));
  return {
    ...ip,
    dhcp: { ...ip.dhcp, ...(ranges === undefined ? {} : { ranges }), hosts: [...(ip.dhcp?.hosts ?? []), host] },
  };
}

const numberOf = (text: string): bigint => parseAddress(String(text))?.value ?? -1n;
const spanOf = ({ start, end }: DhcpRange): Span => ({ start: numberOf(start), end: numberOf(end) });
const within = (value: bigint, { start, end }: Span): boolean => start <= value && value <= end;

/** The addresses of a subnet that guests can have. */
function usable(ip: Ip): Span | undefined {
  const subnet = Subnet.of(ip);
  const own = parseAddress(subnet?.gateway ?? '');
  return subnet && own && guestSpan(own, subnet.prefix);
}

function takenIn(ip: Ip): Set<bigint> {
  return new Set([numberOf(ip.address), ...(ip.dhcp?.hosts ?? []).map((host) => numberOf(host.ip))]);
}

function freeAddress(ip: Ip, { start, end }: Span): bigint | undefined {
  const taken = takenIn(ip);
  const ranges = (ip.dhcp?.ranges ?? []).map(spanOf).sort((a, b) => (a.start < b.start ? -1 : 1));
  for (let value = start; value <= end; value++) {
    const range = ranges.find((span) => within(value, span));
    if (range !== undefined) value = range.end;
    else if (!taken.has(value)) return value;
  }
  for (const range of [...ranges].reverse()) {
    for (let value = range.end; value >= range.start; value--) if (!taken.has(value)) return value;
  }
  return undefined;
}

function wantedAddress(ip: Ip, span: Span, wanted: string, network: string): bigint {
  const value = numberOf(wanted);
  if (!within(value, span)) throw invalid(`guests of ${ip.address} cannot have ${wanted}`, network);
  if (takenIn(ip).has(value)) throw invalid(`${wanted} is taken`, network, 'leave ip out to get a free one');
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
