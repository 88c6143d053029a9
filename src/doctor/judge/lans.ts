import type { HostDevice } from '../../host-facts/devices.js';
import type { HostRoute } from '../../host-facts/routes.js';
import type { RoutingRule } from '../../host-facts/routing-rules.js';
import { Subnet } from '../../model/subnet.js';
import { numberOf, within } from '../../preview/flow/addresses.js';
import type { OutsideSegment } from '../../preview/flow/topology.js';
import type { Family } from '../../schema/address.js';
import type { Facts } from './facts.js';

/** A machine beyond the host that routes lead to, made up. */
export interface Target {
  readonly family: Family;
  readonly address: string;
  /** The subnet that its route is about. */
  readonly subnet: string;
}

/** The LANs of a host, and machines beyond that its routes lead to. */
export interface Surroundings {
  readonly outside: readonly OutsideSegment[];
  readonly targets: readonly Target[];
}

/** Addresses that are reserved for documentation; one of each family is taken for a machine somewhere beyond. */
const FAR: readonly Target[] = [
  { family: 'ipv4', address: '192.0.2.77', subnet: 'default' },
  { family: 'ipv6', address: '2001:db8:ffff:ffff::77', subnet: 'default' },
];

/** Finds the LANs of a host from its devices and routes: the one that the default route leads to comes first. */
export function surroundingsOf({ devices = [], kernel, networks }: Facts): Surroundings {
  const routes = kernel?.routes ?? [];
  const bridges = new Set(networks.flatMap(({ preview }) => (preview === undefined ? [] : [preview.bridge])));
  const uplinks = devices.filter(
    ({ name, addresses }) => name !== 'lo' && !bridges.has(name) && addresses.some(({ scope }) => scope === 'global'),
  );
  const targets = [...targetsOf(routes, uplinks), ...targetsOfRules(kernel?.rules ?? [], uplinks)];
  const outside = uplinks.map((device) => segmentOf(device, { routes, targets, devices: uplinks }));
  return { outside: withDefaultFirst(outside, routes), targets: targets.map(({ target }) => target) };
}

interface Placed {
  readonly target: Target;
  /** The device that leads there; the first one where several do. */
  readonly device: string;
}

const deviceOf = ({ device, hops }: HostRoute): string | undefined => device ?? hops[0]?.device;

/** A machine for each subnet that routes lead to, on the device that is a LAN where routes differ. */
function targetsOf(routes: readonly HostRoute[], uplinks: readonly HostDevice[]): readonly Placed[] {
  const isUplink = (name: string): boolean => uplinks.some((one) => one.name === name);
  const beyond = routes.filter((route) => isBeyond(route, uplinks));
  const bySubnet = new Map<string, Placed>();
  const home = beyond.find((route) => route.to === 'default' && isUplink(deviceOf(route) ?? ''));
  for (const route of [...beyond].sort(
    (a, b) => Number(isUplink(deviceOf(b) ?? '')) - Number(isUplink(deviceOf(a) ?? '')),
  )) {
    const device = deviceOf(route);
    const target = targetOf(route);
    if (device === undefined || target === undefined) continue;
    const place = isUplink(device) ? device : deviceOf(home ?? route);
    const key = `${route.family} ${route.to}`;
    if (!bySubnet.has(key) && place !== undefined) bySubnet.set(key, { target, device: place });
  }
  return [...bySubnet.values()];
}

/** A machine for each subnet that routing rules are about: it is where the default route leads to. */
const targetsOfRules = (rules: readonly RoutingRule[], uplinks: readonly HostDevice[]): readonly Placed[] =>
  rules.flatMap(({ to, family }) => {
    const target = to === undefined ? undefined : targetIn(to, family);
    const [first] = uplinks;
    return target === undefined || first === undefined ? [] : [{ target, device: first.name }];
  });

/** A route to others than neighbours: by a gateway, or into a subnet that the host has no address in. */
const isBeyond = (
  { type, to, gateway, hops, protocol, table, family }: HostRoute,
  uplinks: readonly HostDevice[],
): boolean =>
  type === 'unicast' &&
  protocol !== 'kernel' &&
  table !== 'local' &&
  !to.startsWith('fe80') &&
  !to.startsWith('ff') &&
  (to === 'default' || gateway !== undefined || hops.length > 0 || !uplinks.some((one) => isOn(one, to, family)));

const isOn = ({ addresses }: HostDevice, to: string, family: Family): boolean =>
  addresses.some((one) => one.family === family && to.includes('/') && within(to)(numberOf(one.address)));

function targetOf({ to, family }: HostRoute): Target | undefined {
  return to === 'default' ? FAR.find((one) => one.family === family) : targetIn(to, family);
}

function targetIn(to: string, family: Family): Target | undefined {
  if (!to.includes('/')) return { family, address: to, subnet: to };
  const address = Subnet.parse(to).hosts().next().value;
  return address === undefined ? undefined : { family, address, subnet: to };
}

interface Around {
  readonly routes: readonly HostRoute[];
  readonly targets: readonly Placed[];
  readonly devices: readonly HostDevice[];
}

/** A LAN has its routers first, then the machines beyond them, else a neighbour that is made up. */
function segmentOf({ name, addresses }: HostDevice, { routes, targets }: Around): OutsideSegment {
  const own = addresses.filter(({ scope }) => scope === 'global').map(({ address, prefix }) => `${address}/${prefix}`);
  const gateways = routes
    .filter((route) => deviceOf(route) === name && route.type === 'unicast')
    .flatMap(({ gateway, hops }) => [gateway, ...hops.map((hop) => hop.gateway)])
    .flatMap((gateway) => (gateway === undefined ? [] : inSubnets(gateway, own)));
  const neighbours = own.flatMap((cidr) => {
    const family = cidr.includes(':') ? 'ipv6' : 'ipv4';
    return gateways.some((one) => one.includes(':') === (family === 'ipv6')) ? [] : neighbourIn(cidr);
  });
  const beyond = targets
    .filter(({ device }) => device === name)
    .map(({ target }) => `${target.address}/${target.family === 'ipv4' ? 32 : 128}`);
  return { device: name, host: own, outside: [...new Set([...gateways, ...neighbours, ...beyond])] };
}

const familyOf = (text: string): Family => (text.includes(':') ? 'ipv6' : 'ipv4');

function inSubnets(address: string, own: readonly string[]): string[] {
  const home = own.find((cidr) => familyOf(cidr) === familyOf(address) && within(cidr)(numberOf(address)));
  return home === undefined ? [] : [`${address}/${home.replace(/.*\//, '')}`];
}

/** Another address of a subnet. */
function neighbourIn(cidr: string): string[] {
  const { address, prefix } = { address: cidr.replace(/\/.*/, ''), prefix: cidr.replace(/.*\//, '') };
  if (Number(prefix) > (familyOf(cidr) === 'ipv4' ? 30 : 126)) return [];
  const subnet = Subnet.parse(cidr);
  for (const host of subnet.hosts()) if (numberOf(host) !== numberOf(address)) return [`${host}/${prefix}`];
  return [];
}

/** The first LAN is the one that packets without a narrower route go to. */
function withDefaultFirst(outside: readonly OutsideSegment[], routes: readonly HostRoute[]): readonly OutsideSegment[] {
  const home = routes.find(
    ({ to, table = 'main', type }) => to === 'default' && table === 'main' && type === 'unicast',
  );
  const device = home === undefined ? undefined : deviceOf(home);
  return [...outside.filter((one) => one.device === device), ...outside.filter((one) => one.device !== device)];
}
