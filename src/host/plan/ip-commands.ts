import type { Command } from '../../host-bridge/render/rendering.js';
import type { BridgeSettings, DeviceAddress } from '../../host-facts/devices.js';
import type { HostRoute, RouteHop } from '../../host-facts/routes.js';

const ip = (...words: readonly string[]): Command => ['ip', ...words];

/** Two words, or none when there is nothing to say. */
const option = (word: string, value: string | number | undefined): readonly string[] =>
  value === undefined ? [] : [word, String(value)];

/** Changes a device. */
export const setLink = (name: string, ...words: readonly string[]): Command => ip('link', 'set', 'dev', name, ...words);

/** Takes a device away. */
export const deleteLink = (name: string): Command => ip('link', 'del', 'dev', name);

/** Takes all addresses but the link-local ones away; routes that need them go with them. */
export const flushAddresses = (name: string): Command => ip('addr', 'flush', 'dev', name, 'scope', 'global');

/** Makes a bridge; STP and its timers are always said, since every system has other defaults. */
export const addBridge = (name: string, settings: Partial<BridgeSettings>): Command =>
  ip('link', 'add', 'name', name, 'type', 'bridge', ...bridgeWords(settings));

/** The settings of a bridge as `ip` takes them: in hundredths of a second. */
export function bridgeWords(settings: Partial<BridgeSettings>): readonly string[] {
  const { stp = false, forwardDelay = 0, helloTime, maxAge, ageingTime, priority } = settings;
  return [
    ...option('stp_state', Number(stp)),
    ...option('forward_delay', hundredths(forwardDelay)),
    ...option('hello_time', hundredths(helloTime)),
    ...option('max_age', hundredths(maxAge)),
    ...option('ageing_time', hundredths(ageingTime)),
    ...option('priority', priority),
  ];
}

/** Settings that a kernel may have been built without, and then refuses even when they are off. */
export const bridgeFlags = ({ vlanFiltering, multicastSnooping }: BridgeSettings): readonly (readonly string[])[] => [
  ['vlan_filtering', String(Number(vlanFiltering))],
  ['mcast_snooping', String(Number(multicastSnooping))],
];

const hundredths = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.round(100 * seconds);

/** Gives a device an address as another one had it. */
export function addAddress(name: string, address: DeviceAddress): Command {
  const { family, broadcast, label, metric, noPrefixRoute, validS, preferredS } = address;
  return ip(
    'addr',
    'replace',
    `${address.address}/${address.prefix}`,
    ...option('broadcast', broadcast),
    'dev',
    name,
    ...option('label', label?.startsWith(name) === true ? label : undefined),
    ...option('metric', metric),
    ...option('valid_lft', validS),
    ...option('preferred_lft', validS === undefined ? undefined : (preferredS ?? validS)),
    ...(noPrefixRoute ? ['noprefixroute'] : []),
    ...(family === 'ipv6' ? ['nodad'] : []),
  );
}

/** Takes the IPv6 routes of a device away that outlive its addresses; having none is not a failure. */
export const flushRoutes6 = (name: string, protocol: string, table = 'main'): Command =>
  ip('-6', 'route', 'flush', 'dev', name, 'protocol', protocol, 'table', table);

/** Takes an address away. */
export const deleteAddress = (name: string, { address, prefix }: DeviceAddress): Command =>
  ip('addr', 'del', `${address}/${prefix}`, 'dev', name);

/** Adds a route again, on the devices that it had or on others. */
export function addRoute(
  route: HostRoute,
  verb: 'replace' | 'append' = 'replace',
  deviceFor: (name: string) => string = (name) => name,
): Command {
  const { family, type, device, gateway, protocol, scope, source, metric, table, mtu, onLink } = route;
  return ip(
    family === 'ipv6' ? '-6' : '-4',
    'route',
    verb,
    ...(type === 'unicast' ? [] : [type]),
    route.to,
    ...way(family, gateway, device === undefined ? undefined : deviceFor(device)),
    ...option('protocol', protocol),
    ...option('scope', family === 'ipv4' ? scope : undefined),
    ...option('src', source),
    ...option('metric', metric),
    ...option('table', table),
    ...option('mtu', mtu),
    ...(onLink ? ['onlink'] : []),
    ...route.hops.flatMap((hop) => hopWords(family, hop, deviceFor)),
  );
}

const hopWords = (family: HostRoute['family'], { gateway, device, weight }: RouteHop, on: (name: string) => string) => [
  'nexthop',
  ...way(family, gateway, device === undefined ? undefined : on(device)),
  ...option('weight', weight),
];

function way(family: HostRoute['family'], gateway: string | undefined, device: string | undefined): readonly string[] {
  const via = gateway?.includes(':') === true && family === 'ipv4' ? ['inet6', gateway] : [gateway ?? ''];
  return [...(gateway === undefined ? [] : ['via', ...via]), ...option('dev', device)];
}
