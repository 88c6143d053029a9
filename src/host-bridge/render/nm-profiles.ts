import { firstBy } from '../../lists/group.js';
import { familyOf } from '../address.js';
import { type Backend, partlyLacks, type ReadyBridge, wholeSeconds } from '../backend.js';
import { indexIn } from '../capabilities.js';
import { bondOptions, devicesOf } from '../devices.js';
import type { BondPort, BridgePort, BridgeRoute, NicPort, PortDevice, VxlanPort } from '../document.js';
import type { Section } from '../text/sections.js';
import { section } from '../text/sections.js';
import { vxlanPeer } from '../vxlan.js';
import { vlanArguments } from './route-args.js';

/** Addresses of one family in a connection profile. */
export interface IpProfile {
  readonly family: 'ipv4' | 'ipv6';
  readonly method: 'auto' | 'dhcp' | 'manual' | 'disabled' | 'link-local';
  readonly clientId?: string | undefined;
  readonly routeMetric?: number | undefined;
  readonly ignoresDns?: true | undefined;
  readonly addresses: readonly string[];
  readonly gateway?: string | undefined;
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly routes: readonly BridgeRoute[];
}

/** A connection profile of NetworkManager: there is one for each device. */
export interface Profile {
  readonly id: string;
  readonly type: 'bridge' | 'ethernet' | 'vlan' | 'bond' | 'vxlan';
  readonly device: string;
  readonly autoconnect: boolean;
  /** The device that it is a port of. */
  readonly master?: { readonly name: string; readonly type: 'bridge' | 'bond' };
  /** Settings of the device, by NetworkManager's names. */
  readonly settings: readonly Section[];
  /** Absent for ports, which have no addresses. */
  readonly ip?: readonly [IpProfile, IpProfile];
}

const hasFamily = (text: unknown, { ipv4, ipv6 }: ReadyBridge): boolean => {
  const setup = String(text).includes(':') ? ipv6 : ipv4;
  return setup.auto !== undefined || setup.addresses !== undefined;
};

/** A metric of a family is one of all its routes that have none. */
const allRoutesHave = (family: 'ipv4' | 'ipv6') =>
  partlyLacks(
    'NetworkManager gives the metric to all routes of the family, fixed ones too',
    (_, { [family]: setup, routes }) =>
      setup.gateway !== undefined || routes.some(({ to, metric }) => familyOf(to) === family && metric === undefined),
  );

/** Settings that NetworkManager keeps with the addresses of a family, and so not without any. */
export const familyLacks = {
  autoMetric4: allRoutesHave('ipv4'),
  autoMetric6: allRoutesHave('ipv6'),
  dnsServers: partlyLacks(
    'NetworkManager keeps name servers with the addresses of their family, and there are none',
    ({ value }, bridge) => Array.isArray(value) && !value.every((server) => hasFamily(server, bridge)),
  ),
  dnsSearch: partlyLacks(
    'NetworkManager keeps search domains with the addresses, and there are none',
    (_, bridge) => !hasFamily('', bridge) && !hasFamily(':', bridge),
  ),
  routes: partlyLacks(
    'NetworkManager keeps routes with the addresses of their family, and there are none',
    ({ path }, bridge) => !hasFamily(bridge.routes[indexIn(path)]?.to, bridge),
  ),
} as const;

/** Features that NetworkManager lacks, in profiles and in nmcli alike. */
export const managerLacks: Backend['lacks'] = {
  forwardDelay: wholeSeconds,
  helloTime: wholeSeconds,
  maxAge: wholeSeconds,
  ageingTime: wholeSeconds,
  isolated: 'NetworkManager has no word for it',
  vxlanRemotes: 'NetworkManager has a word for one host only',
  ...familyLacks,
};

/** The profiles of a bridge and of what it stands on; the bridge first. */
export function profilesOf(bridge: ReadyBridge): readonly Profile[] {
  const { nics, bonds, vlans, vxlans } = devicesOf(bridge.ports);
  const ports = firstBy(bridge.ports, ({ name }) => name);
  const below = [...nics, ...bonds, ...vlans, ...vxlans].map((device) =>
    deviceProfile(device, ports.get(device.name), bridge),
  );
  const members = bonds.flatMap((bond) => bond.devices.map((name) => memberProfile(name, bond, bridge)));
  return [bridgeProfile(bridge), ...below, ...members];
}

function bridgeProfile(bridge: ReadyBridge): Profile {
  const { name, stp, vlanFiltering, autostart } = bridge;
  const settings = section(
    'bridge',
    ['stp', stp.enabled],
    ['priority', stp.priority],
    ['forward-delay', stp.forwardDelay],
    ['hello-time', stp.helloTime],
    ['max-age', stp.maxAge],
    ['ageing-time', bridge.ageingTime],
    ['multicast-snooping', bridge.multicastSnooping],
    ['vlan-filtering', vlanFiltering && true],
    ['vlan-default-pvid', vlanFiltering?.defaultPvid],
    ['vlans', vlanArguments(vlanFiltering?.vlans)],
  );
  const ethernet = section('ethernet', ['cloned-mac-address', bridge.mac], ['mtu', bridge.mtu]);
  return {
    id: name,
    type: 'bridge',
    device: name,
    autoconnect: autostart,
    settings: [ethernet, settings],
    ip: ipOf(bridge),
  };
}

function deviceProfile(device: PortDevice, port: BridgePort | undefined, bridge: ReadyBridge): Profile {
  const type = device.type === 'nic' ? 'ethernet' : device.type;
  const common = { type, device: device.name, autoconnect: bridge.autostart } as const;
  const settings = deviceSettings(device);
  if (port === undefined) return { ...common, id: `${bridge.name}-parent-${device.name}`, settings, ip: NO_ADDRESSES };
  return {
    ...common,
    id: `${bridge.name}-port-${device.name}`,
    master: { name: bridge.name, type: 'bridge' },
    settings: [...settings, portSettings(port)],
  };
}

function deviceSettings(device: PortDevice): readonly Section[] {
  const ethernet = section('ethernet', ['mtu', device.mtu]);
  if (device.type === 'vlan') return [ethernet, section('vlan', ['parent', device.parent.name], ['id', device.id])];
  if (device.type === 'nic') return [ethernet];
  if (device.type === 'vxlan') return [ethernet, vxlanSettings(device)];
  return [ethernet, section('bond', ...bondOptions(device))];
}

const vxlanSettings = (vxlan: VxlanPort): Section =>
  section(
    'vxlan',
    ['id', vxlan.id],
    ['local', vxlan.local],
    ['remote', vxlanPeer(vxlan)],
    ['destination-port', vxlan.port],
    ['parent', vxlan.device],
    ['learning', vxlan.learning],
  );

const portSettings = ({ pathCost, priority, hairpin, vlans }: BridgePort): Section =>
  section(
    'bridge-port',
    ['path-cost', pathCost],
    ['priority', priority],
    ['hairpin-mode', hairpin],
    ['vlans', vlanArguments(vlans)],
  );

const memberProfile = (name: string, bond: BondPort, { autostart }: ReadyBridge): Profile => {
  const card: NicPort = { type: 'nic', name, ...(bond.mtu === undefined ? {} : { mtu: bond.mtu }) };
  return {
    id: `${bond.name}-port-${name}`,
    type: 'ethernet',
    device: name,
    autoconnect: autostart,
    master: { name: bond.name, type: 'bond' },
    settings: deviceSettings(card),
  };
};

const NOTHING = { addresses: [], servers: [], search: [], routes: [] };
const NO_ADDRESSES: readonly [IpProfile, IpProfile] = [
  { family: 'ipv4', method: 'disabled', ...NOTHING },
  { family: 'ipv6', method: 'disabled', ...NOTHING },
];

function ipOf(bridge: ReadyBridge): readonly [IpProfile, IpProfile] {
  const { ipv4, ipv6, dns } = bridge;
  const method4 = ipv4.auto === 'dhcp' ? 'auto' : ipv4.addresses === undefined ? 'disabled' : 'manual';
  const method6 = ipv6.addresses === undefined ? 'link-local' : 'manual';
  // Search domains stand with one family only, or they would be there twice.
  const search = dns?.search ?? [];
  return [
    {
      ...familyPart('ipv4', bridge),
      method: method4,
      clientId: ipv4.clientId,
      search: method4 === 'disabled' ? [] : search,
    },
    {
      ...familyPart('ipv6', bridge),
      method: ipv6.auto === 'slaac' ? 'auto' : (ipv6.auto ?? method6),
      search: method4 === 'disabled' ? search : [],
    },
  ];
}

function familyPart(family: 'ipv4' | 'ipv6', { [family]: setup, routes, dns }: ReadyBridge) {
  const own = routes.filter(({ to }) => familyOf(to) === family);
  const { addresses = [], gateway } = setup;
  // A gateway needs an address beside it in the profile; as a route it does not.
  const asRoute = gateway !== undefined && addresses.length === 0;
  const everywhere = family === 'ipv4' ? '0.0.0.0/0' : '::/0';
  return {
    family,
    addresses,
    routeMetric: setup.routeMetric,
    ignoresDns: setup.useDns === false ? (true as const) : undefined,
    gateway: asRoute ? undefined : gateway,
    routes: asRoute ? [{ to: everywhere, via: gateway }, ...own] : own,
    servers: (dns?.servers ?? []).filter((server) => familyOf(server) === family),
  };
}
