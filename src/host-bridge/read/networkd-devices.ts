import { firstBy, groupedBy } from '../../lists/group.js';
import { compact } from '../../schema/values.js';
import type { BridgePortOptions } from '../document.js';
import { ANY_MAC } from '../vxlan.js';
import { bondMode, type Definitions, hashPolicy, lacpRate } from './devices.js';
import { readAddresses } from './networkd-addresses.js';
import { firstMatch, matchOf } from './networkd-match.js';
import { portOptions } from './networkd-ports.js';
import type { SectionFile } from './setting-tracker.js';
import { bytes, cNumber, timeSpan, truth } from './values.js';
import { endText, vxlanOf } from './vxlans.js';

/** A device, the file that makes it, and the one that sets it up. */
export interface Device {
  readonly name: string;
  readonly kind?: string | undefined;
  readonly netdev?: SectionFile;
  readonly network?: SectionFile;
  readonly bridge?: string | undefined;
  readonly bond?: string | undefined;
}

/** The devices of some files, and what they are to each other. */
export interface Devices {
  readonly all: ReadonlyMap<string, Device>;
  /** The ports of each bridge. */
  readonly ports: ReadonlyMap<string, readonly Device[]>;
  readonly definitions: Definitions;
  /** The addressing in a file; many devices may share it. */
  readonly addressingOf: (file: SectionFile) => ReturnType<typeof readAddresses>;
  readonly optionsOf: (file: SectionFile) => BridgePortOptions;
}

export const isNetwork = ({ baseName }: SectionFile): boolean => baseName.endsWith('.network');

/** Finds every device that has a name: in a file that makes it, in a match that writes it out, or known to the caller. */
export function devicesIn(units: readonly SectionFile[], known: readonly string[]): ReadonlyMap<string, Device> {
  const netdevs = units.filter((unit) => !isNetwork(unit)).flatMap(netdevOf);
  const devices = new Map(firstBy(netdevs, ({ name }) => name));
  const networks = units.filter(isNetwork).flatMap((file) => {
    const match = matchOf(file);
    return match === undefined ? [] : [{ file, match }];
  });
  const networkOf = firstMatch(networks);
  const named = networks.flatMap(({ match }) => match.names);
  for (const name of new Set([...devices.keys(), ...named, ...known])) {
    const device = devices.get(name) ?? { name };
    const network = networkOf(name, device.kind);
    devices.set(name, network === undefined ? device : { ...device, ...rolesOf(network), network });
  }
  return devices;
}

function netdevOf(file: SectionFile): readonly Device[] {
  const about = file.section('NetDev');
  const name = about.text('Name');
  return name === undefined ? [] : [{ name, kind: about.text('Kind'), netdev: file }];
}

/** The bridge and the bond that the devices of a file are in. */
export function rolesOf(file: SectionFile): Pick<Device, 'bridge' | 'bond'> {
  const network = file.section('Network');
  return { bridge: network.text('Bridge'), bond: network.text('Bond') };
}

/** Finds out what devices are to each other. */
export function related(all: ReadonlyMap<string, Device>): Devices {
  const ports = groupedBy(all.values(), ({ bridge }) => bridge);
  const definitions = definitionsOf([...all.values()]);
  return { all, ports, definitions, addressingOf: once(readAddresses), optionsOf: once(portOptions) };
}

/** Reads each file once. */
function once<T>(read: (file: SectionFile) => T): (file: SectionFile) => T {
  const known = new Map<SectionFile, T>();
  return (file) => {
    const value = known.get(file) ?? read(file);
    known.set(file, value);
    return value;
  };
}

function definitionsOf(devices: readonly Device[]): Definitions {
  const members = groupedBy(devices, ({ bond }) => bond);
  const [parents, underlays] = [parentsOf(devices, 'VLAN'), parentsOf(devices, 'VXLAN')];
  const others = devices.filter(({ kind }) => kind !== 'bridge');
  for (const { network } of others)
    network?.section('Network').skip('LinkLocalAddressing', 'IPv6AcceptRA', 'ConfigureWithoutCarrier');
  const mtus = new Map(others.map((device) => [device.name, mtuOf(device)]));
  return {
    bonds: new Map(
      others.flatMap((one) => (one.kind === 'bond' ? [[one.name, bondOf(one, members.get(one.name) ?? [])]] : [])),
    ),
    vlans: new Map(others.flatMap((one) => vlanOf(one, parents.get(one.name)))),
    vxlans: new Map(others.flatMap((one) => (one.kind === 'vxlan' ? vxlansOf(one, underlays.get(one.name)) : []))),
    mtuOf: (name) => mtus.get(name),
  };
}

function mtuOf({ netdev, network }: Device): number | undefined {
  const mtu = network?.section('Link').one(bytes, 'MTUBytes');
  return netdev?.section('NetDev').one(bytes, 'MTUBytes') ?? mtu;
}

/** The first device whose file names a VLAN or a VXLAN is its parent. */
function parentsOf(devices: readonly Device[], key: 'VLAN' | 'VXLAN'): ReadonlyMap<string, string> {
  const users = firstBy(
    devices.flatMap(({ name, network }) => (network === undefined ? [] : [{ name, network }])),
    ({ network }) => network,
  );
  const named = [...users.values()].flatMap(({ name, network }) =>
    network.section('Network').many((child) => ({ child, parent: name }), key),
  );
  return new Map([...firstBy(named, ({ child }) => child)].map(([child, { parent }]) => [child, parent]));
}

function vlanOf(
  { name, kind, netdev }: Device,
  parent: string | undefined,
): readonly (readonly [string, { readonly id: number; readonly parent: string }])[] {
  const id = netdev?.section('VLAN').one(cNumber, 'Id');
  return kind === 'vlan' && id !== undefined && parent !== undefined ? [[name, { id, parent }]] : [];
}

function vxlansOf({ name, netdev, network }: Device, device: string | undefined): ReturnType<typeof vxlanOf> {
  const settings = netdev?.section('VXLAN');
  settings?.skip('Independent');
  const copies = network?.sections('BridgeFDB').flatMap((entry) => {
    if (entry.peek('MACAddress') !== ANY_MAC) return [];
    entry.skip('MACAddress', 'AssociatedWith');
    return entry.one(endText, 'Destination') ?? [];
  });
  return vxlanOf(name, {
    id: settings?.one(cNumber, 'VNI', 'Id'),
    local: settings?.one(endText, 'Local'),
    remote: settings?.one(endText, 'Remote', 'Group'),
    copies,
    device,
    port: settings?.one(cNumber, 'DestinationPort'),
    learning: settings?.one(truth, 'MacLearning'),
  });
}

function bondOf({ netdev }: Device, members: readonly Device[]) {
  const settings = netdev?.section('Bond');
  return compact({
    devices: members.map(({ name }) => name),
    mode: settings?.one(bondMode, 'Mode') ?? 'balance-rr',
    monitorInterval: settings?.one(timeSpan, 'MIIMonitorSec'),
    lacpRate: settings?.one(lacpRate, 'LACPTransmitRate'),
    transmitHashPolicy: settings?.one(hashPolicy, 'TransmitHashPolicy'),
    primary: members.find(({ network }) => network?.section('Network').one(truth, 'PrimarySlave'))?.name,
  });
}
