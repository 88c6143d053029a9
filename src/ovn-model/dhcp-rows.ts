import { addressOf, parseAddress } from '../schema/address.js';
import type { Ip, Lease } from '../schema/network/ip.js';
import { compact } from '../schema/values.js';
import { checkedOptions, quoted, setOf } from './option-texts.js';
import { poolOf, prefixOf } from './port-rows.js';
import type { OvnRow } from './rows.js';
import { dhcpKeyFor, macOfHost, type OvnShape, type OvnSubnet } from './shape.js';

/** libvirt's own lease time, in seconds. */
const LEASE_SECONDS = 3600;

/** OVN's number for a lease that never ends. */
const FOR_EVER = 4_294_967_295;

const UNITS = { seconds: 1, minutes: 60, hours: 3600 } as const;

/** The DHCP options of each subnet that has DHCP, and those of reservations with a lease time of their own. */
export const dhcpRows = (shape: OvnShape): readonly OvnRow[] =>
  shape.subnets.flatMap((subnet) => {
    const { dhcpKey, ip, family, cidr } = subnet;
    if (dhcpKey === undefined) return [];
    const row = (key: string, options: Readonly<Record<string, string>>): OvnRow => ({
      table: 'DHCP_Options',
      key,
      columns: { cidr, options },
    });
    if (family === 'ipv6') return [row(dhcpKey, options6(shape, subnet))];
    return [
      row(dhcpKey, options4(shape, subnet, ip.dhcp?.ranges?.[0]?.lease)),
      ...(ip.dhcp?.hosts ?? [])
        .filter(({ lease }) => lease !== undefined)
        .map((host) => row(dhcpKeyFor(subnet, macOfHost(host)) ?? dhcpKey, options4(shape, subnet, host.lease))),
    ];
  });

function options4(shape: OvnShape, { router, family, ip }: OvnSubnet, lease: Lease | undefined) {
  const { document, routerMac, outside } = shape;
  const { file, server } = ip.dhcp?.bootp ?? {};
  return checkedOptions('DHCP4', {
    server_id: router.text,
    server_mac: routerMac,
    lease_time: String(leaseSeconds(lease)),
    router: outside === undefined ? undefined : router.text,
    mtu: shape.mtu,
    dns_server: setOf(nameServers(shape, family, router.text)),
    domain_name: document.domain?.name === undefined ? undefined : quoted(document.domain.name),
    bootfile_name: file === undefined ? undefined : quoted(file),
    next_server: server === undefined ? undefined : parseAddress(server)?.text,
  });
}

function options6(shape: OvnShape, { router, family }: OvnSubnet) {
  return checkedOptions('DHCP6', {
    server_id: shape.routerMac,
    dns_server: setOf(nameServers(shape, family, router.text)),
  });
}

/** The servers that guests ask: OVN answers for the names of the network, whichever it is. */
function nameServers({ document, outside }: OvnShape, family: 'ipv4' | 'ipv6', gateway: string): readonly string[] {
  if (document.dns?.enable === false) return [];
  const named = (document.dns?.forwarders ?? []).flatMap(({ addr }) => (addr === undefined ? [] : [addr]));
  const given = named.length > 0 ? named.flatMap((text) => parseAddress(text) ?? []) : (outside?.dnsServers ?? []);
  const own = given.filter((address) => address.family === family).map(({ text }) => text);
  return own.length > 0 ? own : [gateway];
}

function leaseSeconds({ expiry, unit = 'minutes' }: Partial<Lease> = {}): number {
  if (expiry === undefined) return LEASE_SECONDS;
  return Number(expiry) === 0 ? FOR_EVER : Math.min(Number(expiry) * UNITS[unit], FOR_EVER - 1);
}

/** What the switch must know to give free addresses: one IPv4 subnet without what is not in its ranges, one prefix of IPv6. */
export function addressPool(shape: OvnShape): Readonly<Record<string, string>> {
  const [pool, prefix] = [poolOf(shape), prefixOf(shape)];
  return compact({
    subnet: pool?.cidr,
    exclude_ips: pool === undefined ? undefined : excluded(pool),
    ipv6_prefix: prefix?.network,
  });
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Addresses of the subnet that are in no range, and those that are reserved. The router's own is excluded by OVN itself. */
function excluded({ network, broadcast, ip }: OvnSubnet): string | undefined {
  const [first, last] = [numberOf(network) + 1, numberOf(broadcast) - 1];
  const spans = [...(ip.dhcp?.ranges ?? [])].map(({ start, end }) => ({ start: numberOf(start), end: numberOf(end) }));
  const reserved = reservedIn(ip).map((value) => ({ start: value, end: value }));
  const outsideOfRanges = gapsBetween(spans, { start: first, end: last });
  return textOf(joined([...outsideOfRanges, ...reserved])) || undefined;
}

const reservedIn = ({ dhcp }: Ip): readonly number[] => (dhcp?.hosts ?? []).map(({ ip }) => numberOf(ip));

/** An IPv4 address as a number. */
const numberOf = (text: string): number => Number(parseAddress(text)?.value ?? 0);

function gapsBetween(spans: readonly Span[], whole: Span): readonly Span[] {
  const gaps: Span[] = [];
  let next = whole.start;
  for (const { start, end } of [...spans].sort(byStart)) {
    if (start > next) gaps.push({ start: next, end: start - 1 });
    if (end >= next) next = end + 1;
  }
  return next <= whole.end ? [...gaps, { start: next, end: whole.end }] : gaps;
}

/** Joins spans that touch or overlap. */
function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of [...spans].sort(byStart)) {
    const last = all.at(-1);
    if (last === undefined || span.start > last.end + 1) all.push(span);
    else all[all.length - 1] = { start: last.start, end: Math.max(span.end, last.end) };
  }
  return all;
}

const byStart = (a: Span, b: Span): number => a.start - b.start;

const textOf = (spans: readonly Span[]): string =>
  spans
    .map(({ start, end }) => {
      const [from, to] = [addressOf('ipv4', BigInt(start)).text, addressOf('ipv4', BigInt(end)).text];
      return start === end ? from : `${from}..${to}`;
    })
    .join(' ');
