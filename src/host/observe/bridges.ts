import { isContainerDevice } from '../../host-facts/device-programs.js';
import { type BridgeSettings, cidrOf, globalAddresses, type HostDevice, isUplink } from '../../host-facts/devices.js';
import { compact } from '../../schema/values.js';
import { deviceOf, type Observation, portsOf } from './observe.js';

/**
 * Whose a bridge is: `libvirt` made it for a network of its own; `ours` was made by this library; `container` belongs to
 * docker and its like; `openvswitch`; `host` leads to the outside; `isolated` leads nowhere.
 */
export type BridgeKind = 'libvirt' | 'ours' | 'container' | 'openvswitch' | 'host' | 'isolated';

/** A bridge of a host. */
export interface FoundBridge {
  readonly name: string;
  readonly kind: BridgeKind;
  /** How the kind is known. */
  readonly reason: string;
  /** The libvirt network that made it. */
  readonly network?: string;
  readonly up: boolean;
  readonly mac?: string;
  readonly mtu?: number;
  /** All devices that are its ports. */
  readonly ports: readonly string[];
  /** Those of its ports that lead to the outside. */
  readonly uplinks: readonly string[];
  /** Those of its ports that guests and containers hold. */
  readonly guests: readonly string[];
  /** Addresses with prefix, link-local ones apart. */
  readonly addresses: readonly string[];
  /** STP, timers and filtering; absent for Open vSwitch. */
  readonly settings?: BridgeSettings;
}

/** Facts about a libvirt network that identify its bridge. */
export interface LibvirtNetwork {
  readonly name: string;
  readonly active: boolean;
  /** Forward mode; absent for isolated networks. */
  readonly mode?: string;
  readonly bridge?: string;
  /** Devices of a network that hands out macvtap devices. */
  readonly devices: readonly string[];
}

/** Facts about bridges that the kernel does not report. */
export interface BridgeKnowledge {
  /** The networks of the host's libvirt. */
  readonly networks: readonly LibvirtNetwork[];
  /** Bridges that this library has made. */
  readonly ours: readonly string[];
}

/**
 * The bridges of a host, with whose they are. The first that fits: a libvirt network has it, it is recorded as ours, it
 * has a name that container engines give, it has an uplink.
 *
 * @param observation - what the host is like
 * @param knowledge - networks and records
 */
export function bridgesOf(observation: Observation, knowledge: BridgeKnowledge): readonly FoundBridge[] {
  const kernel = observation.devices.filter(({ bridge }) => bridge !== undefined);
  const switches = observation.openvswitch.map((name) => openvswitch(observation, name));
  return [...kernel.map((device) => found(observation, device, knowledge)), ...switches];
}

function found(observation: Observation, device: HostDevice, knowledge: BridgeKnowledge): FoundBridge {
  const ports = portsOf(observation, device.name);
  const uplinks = ports.filter(isUplink);
  return compact({
    name: device.name,
    ...classify(device.name, uplinks, knowledge),
    up: device.up,
    mtu: device.mtu,
    ports: namesOf(ports),
    uplinks: namesOf(uplinks),
    guests: namesOf(ports.filter((port) => !isUplink(port))),
    addresses: globalAddresses(device).map(cidrOf),
    mac: device.mac,
    settings: device.bridge,
  });
}

const namesOf = (devices: readonly HostDevice[]): readonly string[] => devices.map(({ name }) => name);

function classify(
  name: string,
  uplinks: readonly HostDevice[],
  { networks, ours }: BridgeKnowledge,
): Pick<FoundBridge, 'kind' | 'reason' | 'network'> {
  // Names are free, so that only the definition of a network tells.
  const network = networks.find(({ bridge, mode }) => bridge === name && mode !== 'bridge');
  if (network !== undefined)
    return { kind: 'libvirt', reason: `the network ${network.name} made it`, network: network.name };
  if (ours.includes(name)) return { kind: 'ours', reason: 'it is in the records of this library' };
  if (isContainerDevice(name)) return { kind: 'container', reason: 'its name is one that container engines give' };
  if (uplinks.length > 0) return { kind: 'host', reason: `${namesOf(uplinks).join(', ')} leads to the outside` };
  return { kind: 'isolated', reason: 'none of its ports leads to the outside' };
}

function openvswitch(observation: Observation, name: string): FoundBridge {
  const device = deviceOf(observation, name);
  return compact({
    name,
    kind: 'openvswitch' as const,
    reason: 'ovs-vsctl lists it',
    up: device?.up ?? false,
    ports: [],
    uplinks: [],
    guests: [],
    addresses: device === undefined ? [] : globalAddresses(device).map(cidrOf),
    mac: device?.mac,
    mtu: device?.mtu,
  });
}
