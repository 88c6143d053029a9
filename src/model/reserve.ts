import { LibvirtError } from '../errors/index.js';
import { addressOf, bitsOf, lastAddress, networkAddress, parseAddress } from '../schema/address.js';
import type { DhcpHost, DhcpRange, Ip } from '../schema/network/ip.js';
import { effectivePrefix } from '../schema/rules/addressing.js';

/** Whom an address is reserved for. */
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

/**
 * Reserves an address in a subnet. Free addresses outside the DHCP ranges are taken first, ascending; when
 * there is none, the last free one of the ranges. A range that holds the address is split around it, so
 * that no other guest can have it.
 */
export function reserveIn(ip: Ip, { ip: wanted, ...who }: Reservation): Ip {
  const value = wanted === undefined ? freeAddress(ip) : wantedAddress(ip, wanted);
  const address = addressOf(ip.family ?? 'ipv4', value);
  const host: DhcpHost = { ...who, ip: address.text };
  const ranges = ip.dhcp?.ranges?.flatMap((range) => splitAround(range, value));
  return {
    ...ip,
    dhcp: { ...ip.dhcp, ...(ranges === undefined ? {} : { ranges }), hosts: [...(ip.dhcp?.hosts ?? []), host] },
  };
}

interface Span {
  readonly start: bigint;
  readonly end: bigint;
}

const numberOf = (text: string): bigint => parseAddress(text)?.value ?? -1n;
const spanOf = ({ start, end }: DhcpRange): Span => ({ start: numberOf(start), end: numberOf(end) });
const within = (value: bigint, { start, end }: Span): boolean => start <= value && value <= end;

/** The addresses of a subnet that guests can have. */
function usable(ip: Ip): Span {
  const own = parseAddress(ip.address);
  const prefix = effectivePrefix(ip);
  if (own === undefined || prefix === undefined) {
    throw new LibvirtError(
      'INVALID_ARGUMENT',
      `cannot reserve an address: the subnet of '${ip.address}' has no usable prefix`,
    );
  }
  const roomy = bitsOf(own.family) - prefix > 1;
  const last = lastAddress(own, prefix).value;
  return {
    start: networkAddress(own, prefix).value + (roomy ? 1n : 0n),
    end: roomy && own.family === 'ipv4' ? last - 1n : last,
  };
}

function takenIn(ip: Ip): Set<bigint> {
  return new Set([numberOf(ip.address), ...(ip.dhcp?.hosts ?? []).map((host) => numberOf(host.ip))]);
}

function freeAddress(ip: Ip): bigint {
  const taken = takenIn(ip);
  const { start, end } = usable(ip);
  const ranges = (ip.dhcp?.ranges ?? []).map(spanOf).sort((a, b) => (a.start < b.start ? -1 : 1));
  for (let value = start; value <= end; value++) {
    const range = ranges.find((span) => within(value, span));
    if (range !== undefined) value = range.end;
    else if (!taken.has(value)) return value;
  }
  for (const range of [...ranges].reverse()) {
    for (let value = range.end; value >= range.start; value--) if (!taken.has(value)) return value;
  }
  throw new LibvirtError('INVALID_ARGUMENT', `cannot reserve an address: the subnet of ${ip.address} is full`, {
    hint: 'widen the subnet or drop reservations',
  });
}

function wantedAddress(ip: Ip, wanted: string): bigint {
  const address = parseAddress(wanted);
  const span = usable(ip);
  if (address === undefined || address.family !== (ip.family ?? 'ipv4') || !within(address.value, span)) {
    throw new LibvirtError('INVALID_ARGUMENT', `cannot reserve '${wanted}': guests of ${ip.address} cannot have it`);
  }
  if (takenIn(ip).has(address.value))
    throw new LibvirtError('INVALID_ARGUMENT', `cannot reserve ${wanted}: it is taken`);
  return address.value;
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
