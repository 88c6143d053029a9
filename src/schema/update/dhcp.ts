import type { Dhcp, DhcpHost, DhcpRange, Ip } from '../network/ip.js';
import type { NetworkDocument } from '../network/network.js';
import { addressIn } from '../rules/context.js';
import { normalizeMac } from '../scalar.js';
import { added, placesOf, without } from './lists.js';
import { refuse } from './refusal.js';
import type { UpdateCommand } from './request.js';

const serves = ({ dhcp }: Ip): boolean => (dhcp?.ranges?.length ?? 0) > 0 || (dhcp?.hosts?.length ?? 0) > 0;
const familyOf = (ip: Ip) => addressIn(ip.address)?.family;

/**
 * The subnet that an update is for: by its index over both families, else the first that serves DHCP, else the first.
 * libvirt speaks of hosts in either section.
 */
export function parentAt({ name, ips = [] }: NetworkDocument, index: number): number {
  if (index >= 0) {
    if (index < ips.length) return index;
    return refuse(
      'UPD_NO_IP_INDEX',
      `couldn't update dhcp host entry - no <ip> element found at index ${index} in network '${name}'`,
    );
  }
  const candidates = [
    ips.findIndex(serves),
    ips.findIndex((ip) => familyOf(ip) === 'ipv4'),
    ips.findIndex((ip) => familyOf(ip) === 'ipv6'),
  ];
  const found = candidates.find((at) => at !== -1);
  return found ?? refuse('UPD_NO_IP', `couldn't update dhcp host entry - no <ip> element found in network '${name}'`);
}

function checkFamily(ip: Ip, address: string): void {
  if (addressIn(address)?.family === familyOf(ip)) return;
  refuse(
    'UPD_HOST_FAMILY',
    "the address family of a host entry IP must match the address family of the dhcp element's parent",
  );
}

/** libvirt serves DHCP in one subnet of each family. */
function checkSingle({ ips = [] }: NetworkDocument, at: number): void {
  const family = ips[at] === undefined ? undefined : familyOf(ips[at]);
  if (!ips.some((ip, i) => i !== at && familyOf(ip) === family && serves(ip))) return;
  refuse(
    'UPD_DHCP_SINGLE',
    `dhcp is supported only for a single ${family === 'ipv6' ? 'IPv6' : 'IPv4'} address on each network`,
  );
}

function withDhcp(document: NetworkDocument, at: number, change: (dhcp: Dhcp) => Dhcp): NetworkDocument {
  const ips = (document.ips ?? []).map((ip, i) => (i === at ? asKept({ ...ip, dhcp: change(ip.dhcp ?? {}) }) : ip));
  return { ...document, ips };
}

/** libvirt prints `<dhcp>` where it serves somebody, and reads it again: the last entry takes `<bootp>` with it. */
function asKept(ip: Ip): Ip {
  if (serves(ip)) return ip;
  const { dhcp: _, ...rest } = ip;
  return rest;
}

const sameMac = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && normalizeMac(a) === normalizeMac(b);
const sameAddress = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && addressIn(a)?.text === addressIn(b)?.text;

/** Adds, replaces or takes away a reservation. */
export function updateHost(
  document: NetworkDocument,
  command: UpdateCommand,
  host: Partial<DhcpHost>,
  index: number,
): NetworkDocument {
  const at = parentAt(document, index);
  const ip = document.ips?.[at];
  if (ip === undefined) return document;
  const hosts = ip.dhcp?.hosts ?? [];
  if (command === 'delete')
    return withDhcp(document, at, (dhcp) => ({ ...dhcp, hosts: without(hosts, deletedHost(document, hosts, host)) }));
  const { ip: address } = host;
  if (address === undefined)
    return refuse(
      'HOST_IP_MISSING',
      `Missing IP address in static host definition for network '${document.name}'`,
      'XML_ERROR',
    );
  const whole: DhcpHost = { ...host, ip: address };
  checkFamily(ip, address);
  const same = (other: DhcpHost) =>
    sameMac(other.mac, host.mac) ||
    (host.name !== undefined && other.name === host.name) ||
    sameAddress(other.ip, address);
  const place = hosts.findIndex(same);
  if (command === 'modify') {
    if (place === -1)
      refuse(
        'UPD_HOST_MODIFY_MISSING',
        `couldn't locate an existing dhcp host entry with "mac='${host.mac ?? 'unknown'}'" "name='${host.name ?? '(null)'}'" "ip='${address}'" in network '${document.name}'`,
      );
    return withDhcp(document, at, (dhcp) => ({ ...dhcp, hosts: hosts.with(place, whole) }));
  }
  checkSingle(document, at);
  if (place !== -1) {
    refuse(
      'UPD_HOST_EXISTS',
      `there is an existing dhcp host entry in network '${document.name}' that matches "<host mac='${host.mac ?? 'unknown'}' name='${host.name ?? '(null)'}' ip='${address}'/>"`,
    );
  }
  return withDhcp(document, at, (dhcp) => ({ ...dhcp, hosts: added(hosts, whole, command) }));
}

/** libvirt's own match: an entry without a MAC address fits every one that is given. */
function deletedHost(document: NetworkDocument, hosts: readonly DhcpHost[], wanted: Partial<DhcpHost>): number {
  if (wanted.mac === undefined && wanted.name === undefined && wanted.ip === undefined) {
    refuse(
      'UPD_HOST_PARTIAL',
      `At least one of name, mac, or ip attribute must be specified for static host definition in network '${document.name}'`,
      'XML_ERROR',
    );
  }
  const place = hosts.findIndex(
    (host) =>
      (wanted.mac === undefined || host.mac === undefined || sameMac(host.mac, wanted.mac)) &&
      (wanted.name === undefined || host.name === wanted.name) &&
      (wanted.ip === undefined || sameAddress(host.ip, wanted.ip)),
  );
  if (place !== -1) return place;
  return refuse('UPD_HOST_DELETE_MISSING', `couldn't locate a matching dhcp host entry in network '${document.name}'`);
}

/** Ranges can only be added and taken away. */
export function refuseRangeModify(command: UpdateCommand): void {
  if (command === 'modify')
    refuse('UPD_RANGE_MODIFY', 'dhcp ranges cannot be modified, only added or deleted', 'OPERATION_UNSUPPORTED');
}

/** Adds or takes away a range. */
export function updateRange(
  document: NetworkDocument,
  command: UpdateCommand,
  range: DhcpRange,
  index: number,
): NetworkDocument {
  const at = parentAt(document, index);
  const ip = document.ips?.[at];
  if (ip === undefined) return document;
  const ranges = ip.dhcp?.ranges ?? [];
  const [place] = placesOf(
    ranges,
    (other) => sameAddress(other.start, range.start) && sameAddress(other.end, range.end),
  );
  if (command === 'delete') {
    if (place === undefined)
      return refuse(
        'UPD_RANGE_DELETE_MISSING',
        `couldn't locate a matching dhcp range entry in network '${document.name}'`,
      );
    return withDhcp(document, at, (dhcp) => ({ ...dhcp, ranges: without(ranges, place) }));
  }
  checkSingle(document, at);
  if (place !== undefined) {
    refuse(
      'UPD_RANGE_EXISTS',
      `there is an existing dhcp range entry in network '${document.name}' that matches "<range start='${range.start}' end='${range.end}'/>"`,
    );
  }
  return withDhcp(document, at, (dhcp) => ({ ...dhcp, ranges: added(ranges, range, command) }));
}
