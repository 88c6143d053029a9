import { cidrOf, type DeviceAddress, globalAddresses, type HostDevice } from '../../host-facts/devices.js';
import type { HostRoute } from '../../host-facts/routes.js';
import { parseCidr } from '../../schema/address.js';
import { findDevice, type Observation } from '../observe/observe.js';

/** Conditions that hold on a host once its bridge is up. */
export interface ExpectedBridge {
  readonly name: string;
  /** Devices that are its ports. */
  readonly ports: readonly string[];
  /** Ports that come with the bridge, bonds and VLAN devices, each with the devices below it. Default: all are there. */
  readonly made?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Its MAC address. Default: whatever it has. */
  readonly mac?: string | undefined;
  /** Its MTU in bytes. Default: whatever it has. */
  readonly mtu?: number | undefined;
  /** True if it speaks STP. Default: false. */
  readonly stp?: boolean | undefined;
  /** Seconds in each of the two states before STP forwards. Default: 0. */
  readonly forwardDelay?: number | undefined;
  /** Addresses with prefix, such as `10.77.0.10/24`. */
  readonly addresses: readonly string[];
  /** Gateways that default routes lead to over the bridge, and that must answer. */
  readonly gateways: readonly string[];
  /** Families whose addresses come from a server or a router. Default: none. */
  readonly dynamic?: readonly ('ipv4' | 'ipv6')[] | undefined;
}

/** Conditions that hold for a port once its bridge is gone. */
export interface ReleasedPort {
  /** The bridge that was there. */
  readonly bridge: string;
  /** The port that has its addresses and routes now. */
  readonly port: string;
  /** Addresses with prefix. */
  readonly addresses: readonly string[];
  /** Gateways of default routes, which must answer. */
  readonly gateways: readonly string[];
}

/**
 * Lists the differences from the expected state after a removal, one line each.
 *
 * @param now - what the host is like
 * @param released - the expected state
 */
export function releaseDifferences(now: Observation, released: ReleasedPort): readonly string[] {
  const { bridge, port, gateways } = released;
  const device = findDevice(now, port);
  if (device === undefined) return [`there is no device ${port}`];
  return [
    ...(findDevice(now, bridge) === undefined ? [] : [`${bridge} is still there`]),
    ...(device.master === undefined ? [] : [`${port} is still a port of ${device.master}`]),
    ...addressDifferences(device, released),
    ...gateways.flatMap((gateway) => gatewayDifferences(now.routes, gateway, port)),
  ];
}

/** An address with its prefix as data; absent for text that is none. */
export function readCidr(cidr: string): DeviceAddress | undefined {
  const read = parseCidr(cidr);
  if (read === undefined) return undefined;
  const { family, text: address } = read.address;
  return { family, address, prefix: read.prefix, scope: 'global', dynamic: false, noPrefixRoute: false };
}

/**
 * Lists the differences from the expected state, one line each; empty if there are none.
 *
 * @param now - what the host is like
 * @param expected - the expected state
 */
export function bridgeDifferences(now: Observation, expected: ExpectedBridge): readonly string[] {
  const bridge = findDevice(now, expected.name);
  if (bridge?.bridge === undefined) return [`there is no bridge ${expected.name}`];
  return [
    ...(bridge.up ? [] : [`${bridge.name} is down`]),
    ...settingDifferences(bridge, expected),
    ...expected.ports.flatMap((port) => portDifferences(now, port, bridge.name)),
    ...addressDifferences(bridge, expected),
    ...expected.gateways.flatMap((gateway) => gatewayDifferences(now.routes, gateway, bridge.name)),
  ];
}

function settingDifferences(device: HostDevice, { mac, mtu, stp = false }: ExpectedBridge): readonly string[] {
  const wrong: string[] = [];
  const has = (what: string, value: unknown, wanted: unknown) => {
    if (wanted !== undefined && value !== wanted) wrong.push(`${device.name} has ${what} ${value}, not ${wanted}`);
  };
  has('the MAC address', device.mac, mac?.toLowerCase());
  has('the MTU', device.mtu, mtu);
  has('STP', device.bridge?.stp === true ? 'on' : 'off', stp ? 'on' : 'off');
  return wrong;
}

function portDifferences(now: Observation, port: string, bridge: string): readonly string[] {
  const device = findDevice(now, port);
  if (device === undefined) return [`there is no device ${port}`];
  if (device.master !== bridge) return [`${port} is not a port of ${bridge}`];
  const left = [
    ...globalAddresses(device).map(({ address }) => `${port} still has the address ${address}`),
    ...now.routes.filter((route) => isDefault(route, port)).map(() => `a default route still leads over ${port}`),
  ];
  return device.up ? left : [`${port} is down`, ...left];
}

function addressDifferences(
  device: HostDevice,
  { addresses, dynamic = [] }: Pick<ExpectedBridge, 'addresses' | 'dynamic'>,
): readonly string[] {
  const present = globalAddresses(device);
  const has = new Set(present.map(cidrOf));
  const missing = addresses.filter((cidr) => {
    const wanted = readCidr(cidr);
    return wanted === undefined || !has.has(cidrOf(wanted));
  });
  const unleased = dynamic.filter((family) => !present.some((address) => address.family === family));
  return [
    ...missing.map((cidr) => `${device.name} does not have the address ${cidr}`),
    ...unleased.map((family) => `${device.name} has no ${family === 'ipv4' ? 'IPv4' : 'IPv6'} address`),
  ];
}

/** Finds default routes that remain on a port: they lead nowhere, but may still be preferred. */
const isDefault = ({ to, device, table }: HostRoute, name: string): boolean =>
  to === 'default' && device === name && table === undefined;

function gatewayDifferences(routes: readonly HostRoute[], gateway: string, bridge: string): readonly string[] {
  const found = routes.some((route) => route.gateway === gateway && isDefault(route, bridge));
  return found ? [] : [`no default route leads over ${bridge} to ${gateway}`];
}
