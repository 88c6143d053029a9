import type { BondPort, NicPort, PortDevice, VlanPort, VxlanPort } from './document.js';

/** The devices that a bridge stands on, each once, by what they are. */
export interface Devices {
  /** Cards that are ports, or parents of VLANs. */
  readonly nics: readonly NicPort[];
  readonly bonds: readonly BondPort[];
  readonly vlans: readonly VlanPort[];
  readonly vxlans: readonly VxlanPort[];
}

/** Takes ports apart into the devices that have to be set up for them. */
export function devicesOf(ports: readonly PortDevice[]): Devices {
  const byName = new Map<string, PortDevice>();
  for (const device of ports.flatMap(withParent)) if (!byName.has(device.name)) byName.set(device.name, device);
  const all = [...byName.values()];
  return {
    nics: all.filter((one) => one.type === 'nic'),
    bonds: all.filter((one) => one.type === 'bond'),
    vlans: all.filter((one) => one.type === 'vlan'),
    vxlans: all.filter((one) => one.type === 'vxlan'),
  };
}

const withParent = (device: PortDevice): readonly PortDevice[] =>
  device.type === 'vlan' ? [device.parent, device] : [device];

/** The devices that a bridge brought along, from the top: no system removes them by itself. */
export function devicesToRemove({
  name,
  ports,
}: {
  readonly name: string;
  readonly ports: readonly PortDevice[];
}): readonly string[] {
  const { vlans, vxlans, bonds } = devicesOf(ports);
  return [name, ...[...vlans, ...vxlans, ...bonds].map((device) => device.name)];
}

/** Milliseconds between two looks at a bond's links. */
export const monitorMs = ({ monitorInterval }: BondPort): number | undefined =>
  monitorInterval === undefined ? undefined : Math.round(monitorInterval * 1000);

/** The options of a bond in the kernel's words; those without a value are left out when they are written. */
export const bondOptions = (
  bond: BondPort,
): readonly (readonly [key: string, value: string | number | undefined])[] => [
  ['mode', bond.mode],
  ['miimon', monitorMs(bond)],
  ['lacp_rate', bond.lacpRate],
  ['xmit_hash_policy', bond.transmitHashPolicy],
  ['primary', bond.primary],
];

/** Seconds in the kernel's own unit. */
export const centiseconds = (seconds: number): number => Math.round(seconds * 100);

/** The names of everything that has to do with a bridge: itself, its ports, and what these stand on. */
export function namesOf({
  name,
  ports = [],
}: {
  readonly name: string;
  readonly ports?: readonly PortDevice[];
}): Set<string> {
  const { nics, bonds, vlans, vxlans } = devicesOf(ports);
  const members = bonds.flatMap(({ devices }) => devices);
  return new Set([name, ...[...nics, ...bonds, ...vlans, ...vxlans].map((device) => device.name), ...members]);
}
