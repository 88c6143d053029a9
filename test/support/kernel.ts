import { wholeBridge } from '../../src/host-bridge/canonical.js';
import type { HostBridge } from '../../src/host-bridge/host-bridge.js';
import { isRecord, listOf, recordOf } from '../../src/schema/values.js';

/** Prints what the kernel has, as one JSON object a line. */
export const REPORT = [
  'echo "{\\"links\\": $(ip -j -d link show), \\"addresses\\": $(ip -j addr show),"',
  'echo "\\"routes4\\": $(ip -j -4 route show table all), \\"routes6\\": $(ip -j -6 route show table all)}"',
].join('\n');

/** Makes cards with links that are up, and nothing on them. */
export const cards = (names: readonly string[]): string =>
  [
    'ip link set lo up',
    ...names.map(
      (name, i) => `ip link add ${name} mtu 9000 type veth peer name peer${i} mtu 9000 && ip link set peer${i} up`,
    ),
  ].join('\n');

interface Facts {
  readonly link: unknown;
  readonly ports: unknown;
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const records = (value: unknown): Readonly<Record<string, unknown>>[] => listOf(value).filter(isRecord);

/** What the kernel says of a bridge, in the words of {@link wantedFacts}. */
export function kernelFacts(printed: string, bridge: HostBridge): Facts {
  const all = recordOf(JSON.parse(printed.slice(printed.indexOf('{"links"'))));
  const { name } = bridge;
  const links = records(all['links']);
  const own = links.find((link) => link['ifname'] === name);
  const data = recordOf(recordOf(own?.['linkinfo'])['info_data']);
  const { mac } = bridge.document;
  const info = records(all['addresses']).find((one) => one['ifname'] === name)?.['addr_info'];
  return {
    link: {
      ...(mac === undefined || mac === 'kernel' ? {} : { mac: own?.['address'] }),
      ...(bridge.document.mtu === undefined ? {} : { mtu: own?.['mtu'] }),
      ...Object.fromEntries(
        Object.entries(switchFacts(bridge)).map(([key, wanted]) => [key, snapped(data[key], wanted)]),
      ),
    },
    ports: portsOf(links, bridge),
    addresses: records(info)
      .filter((one) => one['scope'] === 'global')
      .map((one) => `${text(one['local'])}/${String(one['prefixlen'])}`)
      .sort(),
    routes: [...records(all['routes4']), ...records(all['routes6'])].flatMap((one) => routeText(one, name)).sort(),
  };
}

const pick = (from: Readonly<Record<string, unknown>>, keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, from[key]]));

/** The kernel counts time in ticks of its own, which do not always make a whole hundredth of a second. */
const snapped = (found: unknown, wanted: number): unknown =>
  typeof found === 'number' && wanted > 100 && Math.abs(found - wanted) === 1 ? wanted : found;

function portsOf(links: Readonly<Record<string, unknown>>[], bridge: HostBridge): unknown {
  const wanted = portFacts(bridge);
  const found = links.filter((link) => link['master'] === bridge.name);
  return Object.fromEntries(
    found.map((link) => {
      const name = text(link['ifname']);
      const data = recordOf(recordOf(link['linkinfo'])['info_slave_data']);
      return [name, pick(data, Object.keys(wanted[name] ?? {}))];
    }),
  );
}

/** Routes that somebody set: not those that come with an address. */
function routeText(route: Readonly<Record<string, unknown>>, device: string): readonly string[] {
  const isOwn = route['dev'] === device && route['protocol'] !== 'kernel' && route['type'] === undefined;
  if (!isOwn && !(route['dev'] === device && route['type'] === 'unicast' && route['protocol'] !== 'kernel')) return [];
  const { dst, gateway, metric, table } = route;
  const isV6 = `${text(dst)}${text(gateway)}`.includes(':');
  // IPv6 routes have a metric in any case: 1024 when none is given.
  const shownMetric = isV6 && metric === 1024 ? undefined : metric;
  return [
    [dst === 'default' ? (isV6 ? '::/0' : '0.0.0.0/0') : dst, gateway, shownMetric, table]
      .filter((one) => one !== undefined)
      .join(' '),
  ];
}

const centiseconds = (seconds: number): number => Math.round(seconds * 100);

function switchFacts(bridge: HostBridge): Record<string, number> {
  const { stp, ageingTime, multicastSnooping } = wholeBridge(bridge.document);
  const { forwardDelay, helloTime, maxAge, priority } = stp;
  return {
    stp_state: Number(stp.enabled),
    ...(forwardDelay === undefined ? {} : { forward_delay: centiseconds(forwardDelay) }),
    ...(helloTime === undefined ? {} : { hello_time: centiseconds(helloTime) }),
    ...(maxAge === undefined ? {} : { max_age: centiseconds(maxAge) }),
    ...(priority === undefined ? {} : { priority }),
    ...(ageingTime === undefined ? {} : { ageing_time: centiseconds(ageingTime) }),
    ...(multicastSnooping === undefined ? {} : { mcast_snooping: Number(multicastSnooping) }),
  };
}

function portFacts(bridge: HostBridge): Readonly<Record<string, Record<string, unknown>>> {
  return Object.fromEntries(
    (bridge.document.ports ?? []).map(({ name, pathCost, priority, hairpin, isolated }) => [
      name,
      {
        ...(pathCost === undefined ? {} : { cost: pathCost }),
        ...(priority === undefined ? {} : { priority }),
        ...(hairpin ? { hairpin: true } : {}),
        ...(isolated ? { isolated: true } : {}),
      },
    ]),
  );
}

/** What the kernel must say of a bridge, taken from the model alone. */
export function wantedFacts(bridge: HostBridge): Facts {
  const { mac, mtu, ipv4, ipv6, routes } = wholeBridge(bridge.document);
  const gateways = [
    ...(ipv4.gateway === undefined ? [] : [`0.0.0.0/0 ${ipv4.gateway}`]),
    ...(ipv6.gateway === undefined ? [] : [`::/0 ${ipv6.gateway}`]),
  ];
  const given = routes.map(({ to, via, metric, table }) => {
    const shown = to.includes(':') && metric === 1024 ? undefined : metric;
    return [to, via, shown, table === undefined ? undefined : String(table)]
      .filter((one) => one !== undefined)
      .join(' ');
  });
  return {
    link: {
      ...(typeof mac === 'string' && mac !== 'kernel' ? { mac } : {}),
      ...(mtu === undefined ? {} : { mtu }),
      ...switchFacts(bridge),
    },
    ports: portFacts(bridge),
    addresses: [...(ipv4.addresses ?? []), ...(ipv6.addresses ?? [])].sort(),
    routes: [...gateways, ...given].sort(),
  };
}
