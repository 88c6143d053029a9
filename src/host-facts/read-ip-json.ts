import { TransportError } from '../errors/index.js';
import type { Family } from '../schema/address.js';
import { compact } from '../schema/values.js';
import type { BondSettings, BridgeSettings, DeviceAddress, HostDevice } from './devices.js';
import { type Fields, fieldsAt, numberAt, recordsIn, textAt, textsAt } from './json-fields.js';
import type { HostRoute, RouteHop } from './routes.js';

/** Output of a host's `ip`, and files about its devices. */
export interface DeviceOutputs {
  /** Names the host in messages. */
  readonly host: string;
  /** The output of `ip -j -d link show`. */
  readonly links: string;
  /** The output of `ip -j addr show`. */
  readonly addresses: string;
  /** Names of wireless stations. */
  readonly wireless: readonly string[];
  /** `accept_ra` by device. */
  readonly acceptRa: ReadonlyMap<string, number>;
  /** The text of /proc/net/ipv6_route. Default: not known. */
  readonly ipv6Routes?: string | undefined;
}

/**
 * Reads the objects that `ip -j` prints.
 *
 * @param source - its output
 * @param host - names the host in messages
 * @throws {@link TransportError} code `UNEXPECTED_REPLY` for text that is not JSON: before 4.14 `ip` takes `-j` and
 *   prints as without it
 */
export function readIpJson(source: string, host: string): readonly Fields[] {
  // Old releases of iproute2 print nothing at all for an empty list.
  if (source.trim() === '') return [];
  try {
    return recordsIn(JSON.parse(source));
  } catch (cause) {
    throw new TransportError('UNEXPECTED_REPLY', `cannot look at the network on ${host}: ip printed no JSON`, {
      hint: 'install iproute2 (4.14 or later) on the host',
      output: source.slice(0, 500),
      cause,
    });
  }
}

/**
 * Reads the devices of a host.
 *
 * @throws {@link TransportError} as {@link readIpJson}
 */
export function readDevices(outputs: DeviceOutputs): readonly HostDevice[] {
  const { host, links, addresses } = outputs;
  const addressesByDevice = new Map(
    readIpJson(addresses, host).map((fields) => [textAt(fields, 'ifname'), readAddresses(fields)]),
  );
  return readIpJson(links, host).flatMap((fields) => {
    const name = textAt(fields, 'ifname');
    return name === undefined ? [] : [readDevice(name, fields, addressesByDevice.get(name) ?? [], outputs)];
  });
}

function readDevice(
  name: string,
  fields: Fields,
  addresses: readonly DeviceAddress[],
  { wireless, acceptRa, ipv6Routes }: DeviceOutputs,
): HostDevice {
  const info = fieldsAt(fields, 'linkinfo');
  const flags = textsAt(fields, 'flags');
  return compact({
    name,
    kind: deviceKind(fields, info),
    mtu: numberAt(fields, 'mtu') ?? 0,
    up: flags.includes('UP'),
    carrier: flags.includes('LOWER_UP'),
    wireless: wireless.includes(name),
    addresses,
    mac: textAt(fields, 'address'),
    master: textAt(fields, 'master'),
    parent: textAt(fields, 'link'),
    alias: textAt(fields, 'ifalias'),
    acceptRa: acceptRa.get(name),
    autoconfigured: ipv6Routes === undefined ? undefined : hasAutoconfiguredRoute(name, ipv6Routes),
    bridge: textAt(info, 'info_kind') === 'bridge' ? readBridge(fieldsAt(info, 'info_data')) : undefined,
    bond: textAt(info, 'info_kind') === 'bond' ? readBond(fieldsAt(info, 'info_data')) : undefined,
  });
}

/** The kernel's flag of routes that it has made from router advertisements, RTF_ADDRCONF. */
const ADDRCONF = 0x4_0000;

/** A line ends with the flags of a route, in hexadecimal digits, and its device. */
const hasAutoconfiguredRoute = (device: string, ipv6Routes: string): boolean =>
  ipv6Routes.split('\n').some((line) => {
    const words = line.trim().split(/\s+/);
    return words.at(-1) === device && (Number.parseInt(words.at(-2) ?? '', 16) & ADDRCONF) !== 0;
  });

function deviceKind(fields: Fields, info: Fields): string {
  const kind = textAt(info, 'info_kind');
  if (kind === 'tun') return textAt(fieldsAt(info, 'info_data'), 'type') ?? 'tun';
  if (kind !== undefined) return kind;
  return textAt(fields, 'link_type') === 'ether' ? 'physical' : (textAt(fields, 'link_type') ?? 'unknown');
}

/** The kernel counts in hundredths of a second. */
function readBridge(data: Fields): BridgeSettings {
  const seconds = (name: string): number => (numberAt(data, name) ?? 0) / 100;
  return {
    stp: (numberAt(data, 'stp_state') ?? 0) !== 0,
    forwardDelay: seconds('forward_delay'),
    helloTime: seconds('hello_time'),
    maxAge: seconds('max_age'),
    ageingTime: seconds('ageing_time'),
    priority: numberAt(data, 'priority') ?? 0,
    vlanFiltering: numberAt(data, 'vlan_filtering') === 1,
    multicastSnooping: numberAt(data, 'mcast_snooping') === 1,
  };
}

/** The kernel counts in milliseconds; it has either monitor or none. */
const readBond = (data: Fields): BondSettings => ({
  mode: textAt(data, 'mode') ?? '',
  monitorInterval: Math.max(numberAt(data, 'miimon') ?? 0, numberAt(data, 'arp_interval') ?? 0) / 1000,
});

const readAddresses = (fields: Fields): readonly DeviceAddress[] =>
  recordsIn(fields['addr_info']).flatMap((info) => {
    const address = textAt(info, 'local');
    return address === undefined ? [] : [readAddress(address, info)];
  });

const readAddress = (address: string, info: Fields): DeviceAddress =>
  compact({
    family: textAt(info, 'family') === 'inet6' ? ('ipv6' as const) : ('ipv4' as const),
    address,
    prefix: numberAt(info, 'prefixlen') ?? 0,
    scope: textAt(info, 'scope') ?? 'global',
    dynamic: info['dynamic'] === true,
    noPrefixRoute: info['noprefixroute'] === true,
    broadcast: textAt(info, 'broadcast'),
    label: textAt(info, 'label'),
    metric: numberAt(info, 'metric'),
    validS: lifetime(info, 'valid_life_time'),
    preferredS: lifetime(info, 'preferred_life_time'),
  });

/** Lifetime that the kernel prints for "forever". */
const FOREVER = 4_294_967_295;

function lifetime(info: Fields, name: string): number | undefined {
  const value = numberAt(info, name);
  return value === FOREVER ? undefined : value;
}

/**
 * Reads the routes of one family.
 *
 * @param family - of `ip -j -4 route show table all` or `ip -j -6 route show table all`
 * @param source - its output
 * @param host - names the host in messages
 * @throws {@link TransportError} as {@link readIpJson}
 */
export const readRoutes = (family: Family, source: string, host: string): readonly HostRoute[] =>
  readIpJson(source, host).flatMap((fields) => {
    const to = textAt(fields, 'dst');
    return to === undefined ? [] : [readRoute(family, to, fields)];
  });

const readRoute = (family: Family, to: string, fields: Fields): HostRoute =>
  compact({
    family,
    to,
    type: textAt(fields, 'type') ?? 'unicast',
    protocol: textAt(fields, 'protocol') ?? 'boot',
    onLink: textsAt(fields, 'flags').includes('onlink'),
    hops: recordsIn(fields['nexthops']).map(readHop),
    device: textAt(fields, 'dev'),
    gateway: readGateway(fields),
    scope: textAt(fields, 'scope'),
    source: textAt(fields, 'prefsrc'),
    metric: numberAt(fields, 'metric'),
    table: textAt(fields, 'table'),
    mtu: recordsIn(fields['metrics']).map((metrics) => numberAt(metrics, 'mtu'))[0],
  });

const readHop = (fields: Fields): RouteHop =>
  compact({
    weight: numberAt(fields, 'weight') ?? 1,
    device: textAt(fields, 'dev'),
    gateway: readGateway(fields),
  });

/** The gateway of an IPv4 route can be an IPv6 address, which stands elsewhere then. */
const readGateway = (fields: Fields): string | undefined =>
  textAt(fields, 'gateway') ?? textAt(fieldsAt(fields, 'via'), 'host');
