import { compact } from '../../schema/values.js';
import { namesOf } from '../devices.js';
import type { BridgePort, HostBridgeDocument } from '../document.js';
import {
  addressingOf,
  type HostDevices,
  type HostNetworkDevice,
  type OtherHostDevice,
} from '../network/host-device.js';
import { chooseBridge, type ReadContext, type SourceFile } from './context.js';
import { deviceNamed } from './devices.js';
import { type Device, type Devices, devicesIn, isNetwork, related, rolesOf } from './networkd-devices.js';
import { matchOf } from './networkd-match.js';
import { readPortVlans } from './networkd-ports.js';
import { readUnits } from './networkd-units.js';
import type { SectionFile, SettingTracker } from './setting-tracker.js';
import { NETWORKD_USUAL, skipUsual } from './usual.js';
import { bytes, cNumber, decimal, timeSpan, truth, wordsOf } from './values.js';

/** Reads the `.netdev` and `.network` files of a bridge and of its ports. */
export function readNetworkd(files: readonly SourceFile[], context: ReadContext): HostBridgeDocument {
  const units = readUnits(files, context);
  const devices = related(devicesIn(units, context.devices ?? []));
  const bridges = [...devices.all.values()].flatMap(({ name, kind }) => (kind === 'bridge' ? [name] : []));
  const name = chooseBridge(bridges, context);
  const document = documentOf(name, devices);
  const used = namesOf(document);
  tellUnknown(units, used, context);
  for (const file of filesOf([...used].flatMap((one) => devices.all.get(one) ?? []))) finish(file, context);
  return document;
}

/** Reads every device of a host. */
export function networkdDevices(files: readonly SourceFile[], context: ReadContext): HostDevices {
  const units = readUnits(files, context);
  const all = [...devicesIn(units, context.devices ?? []).values()];
  const found = all.filter((device) => otherKind(device) === undefined);
  const others = all.flatMap((device) => otherDevice(device, context) ?? []);
  const host = related(new Map(found.map((device) => [device.name, device])));
  const devices = found.map((device) => hostDevice(device, host));
  const used = filesOf(found);
  for (const unit of units) if (used.has(unit)) finish(unit, context);
  const told = filesOf(all);
  for (const unit of units.filter((one) => isNetwork(one) && !told.has(one))) tellMatch(unit, context);
  tellUnknown(
    units.filter((unit) => used.has(unit)),
    new Set(host.all.keys()),
    context,
  );
  return { devices, others };
}

const filesOf = (devices: readonly Device[]): ReadonlySet<SectionFile> =>
  new Set(devices.flatMap(({ netdev, network }) => [netdev ?? [], network ?? []].flat()));

const KINDS = ['bridge', 'bond', 'vlan', 'vxlan'];
const TYPES = ['ether', ...KINDS];

/** What a device is that has no place in the model: `Kind=wireguard`. */
function otherKind({ kind, network }: Device): string | undefined {
  if (kind !== undefined && !KINDS.includes(kind)) return `Kind=${kind}`;
  const types = wordsOf(network?.section('Match').peek('Type') ?? '');
  const isOther = types.length > 0 && !types.some((type) => type.startsWith('!') || TYPES.includes(type));
  const wireless = ['SSID', 'WLANInterfaceType'].find((key) => network?.section('Match').has(key));
  return isOther ? `Type=${types.join(' ')}` : wireless && `${wireless}=`;
}

function otherDevice(device: Device, { leaveOut }: ReadContext): OtherHostDevice | undefined {
  const what = otherKind(device);
  const { name, netdev, network } = device;
  const file = netdev ?? network;
  if (what === undefined || file === undefined) return undefined;
  const section = netdev === undefined ? 'Match' : 'NetDev';
  leaveOut(file.source, file.section(section).lineOf(what.split('=')[0] ?? '') ?? 1, `${name} (${what})`);
  return { name, what: `a device with ${what}` };
}

function hostDevice({ name, kind, network, bridge, bond }: Device, devices: Devices): HostNetworkDevice {
  const master = bridge ?? bond;
  if (kind === 'bridge') {
    const document = documentOf(name, devices);
    return compact({ name, type: 'bridge' as const, bridge: document, master, ...addressingOf(document) });
  }
  const port = deviceNamed(name, devices.definitions);
  const match = network?.section('Match');
  const mac = network?.section('Link').text('MACAddress') ?? match?.text('MACAddress', 'PermanentMACAddress');
  const addressing = network === undefined ? {} : devices.addressingOf(network);
  const own =
    master === undefined ? addressing : { ...addressing, ipv6: compact({ addresses: addressing.ipv6?.addresses }) };
  return compact({ name, type: port.type, port, master, mac, ...own });
}

function finish(file: SectionFile, context: ReadContext): void {
  for (const [name, usual] of Object.entries(NETWORKD_USUAL)) skipUsual(file.section(name), usual);
  file.finish(context);
}

/** Reports files that may give the bridge or a bond more devices than those with a name. */
function tellUnknown(units: readonly SectionFile[], used: ReadonlySet<string>, context: ReadContext): void {
  if (context.devices !== undefined) return;
  for (const file of units.filter(isNetwork)) {
    const { bridge = '', bond = '' } = rolesOf(file);
    const match = file.section('Match');
    if (!(used.has(bridge) || used.has(bond)) || match.isEmpty || matchOf(file)?.isExact) continue;
    tellMatch(file, context);
  }
}

function tellMatch(file: SectionFile, { leaveOut }: ReadContext): void {
  const name = file.section('Match').peek('Name');
  const what = name === undefined ? 'a file without Name=' : `Name=${name}`;
  leaveOut(file.source, file.lineOf('Match'), `[Match] ${what} (which devices it is for is not known)`);
}

function documentOf(name: string, devices: Devices): HostBridgeDocument {
  const { netdev, network } = devices.all.get(name) ?? {};
  const about = netdev?.section('NetDev');
  const link = network?.section('Link');
  // netplan says the same in both places.
  if (about?.has('MACAddress')) link?.skip('MACAddress');
  if (about?.has('MTUBytes')) link?.skip('MTUBytes');
  const ports = readPorts(name, devices);
  return compact({
    name,
    ports: ports.length === 0 ? undefined : ports,
    mac: macOf(about?.text('MACAddress') ?? link?.text('MACAddress'), ports),
    mtu: about?.one(bytes, 'MTUBytes') ?? link?.one(bytes, 'MTUBytes'),
    ...switchOf(netdev?.section('Bridge'), network),
    ...(network === undefined ? {} : devices.addressingOf(network)),
  });
}

/** Without an address in the file, systemd makes one of its own: none of the ports'. */
export const macOf = (mac: string | undefined, ports: readonly unknown[]): string | undefined => {
  if (mac !== undefined && mac !== 'none') return mac;
  return ports.length === 0 ? undefined : 'kernel';
};

function readPorts(bridge: string, { ports, definitions, optionsOf }: Devices): readonly BridgePort[] {
  return (ports.get(bridge) ?? []).map(({ name, network }) => {
    network?.section('Network').skip('LinkLocalAddressing', 'IPv6AcceptRA', 'DHCP');
    return { ...deviceNamed(name, definitions), ...(network === undefined ? {} : optionsOf(network)) };
  });
}

function switchOf(bridge: SettingTracker | undefined, network: SectionFile | undefined): Partial<HostBridgeDocument> {
  const pvid = bridge?.one((text) => (text === 'none' ? 0 : cNumber(text)), 'DefaultPVID');
  const vlans = network && readPortVlans(network);
  const isFiltering = bridge?.one(truth, 'VLANFiltering') ?? false;
  return compact({
    stp: compact({
      enabled: bridge?.one(truth, 'STP') ?? false,
      forwardDelay: bridge?.one(timeSpan, 'ForwardDelaySec'),
      helloTime: bridge?.one(timeSpan, 'HelloTimeSec'),
      maxAge: bridge?.one(timeSpan, 'MaxAgeSec'),
      priority: bridge?.one(decimal, 'Priority'),
    }),
    ageingTime: bridge?.one(timeSpan, 'AgeingTimeSec'),
    multicastSnooping: bridge?.one(truth, 'MulticastSnooping'),
    vlanFiltering: isFiltering ? compact({ defaultPvid: pvid, vlans }) : undefined,
  });
}
