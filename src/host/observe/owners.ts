import type { BackendName } from '../../host-bridge/render/rendering.js';
import { isUplink } from '../../host-facts/devices.js';
import { compact } from '../../schema/values.js';
import type { Observation } from './observe.js';

/** A network system that manages devices of a host. */
export type NetworkSystem = 'netplan' | 'networkmanager' | 'networkd' | 'ifupdown' | 'ifcfg' | 'wicked';

/** Who manages a device, and how that is known. */
export interface Owner {
  readonly system: NetworkSystem;
  /** What shows it, such as `NetworkManager has it connected`. */
  readonly evidence: string;
}

/** NetworkManager also lists what others have made; it manages what it has brought up itself. */
const NM_FOREIGN = /^(?:unmanaged|unavailable|disconnected|.*externally.*)$/;

/**
 * Who manages a device. More than one is a fault of the host: each undoes what the other does.
 *
 * @param observation - what the host is like
 * @param device - name of the device
 */
export function ownersOf({ systems }: Observation, device: string): readonly Owner[] {
  const nm = systems.networkmanager?.[device];
  const networkd = systems.networkd?.[device];
  const daemons: readonly Owner[] = [
    ...(nm === undefined || NM_FOREIGN.test(nm) ? [] : [owner('networkmanager', `NetworkManager has it ${nm}`)]),
    ...(networkd === undefined || networkd === 'unmanaged' || networkd === ''
      ? []
      : [owner('networkd', `systemd-networkd has it ${networkd}`)]),
  ];
  return [...withNetplan(systems.netplan, daemons), ...fileOwners(systems, device, daemons)];
}

const owner = (system: NetworkSystem, evidence: string): Owner => ({ system, evidence });

/** Netplan writes for the daemon that then manages the device. */
const withNetplan = (files: readonly string[], daemons: readonly Owner[]): readonly Owner[] =>
  files.length === 0 || daemons.length > 1
    ? daemons
    : [owner('netplan', [...files, ...daemons.map(({ evidence }) => evidence)].join(', '))];

/** Systems without a daemon are known by their files. NetworkManager may read ifcfg files itself. */
function fileOwners(
  { ifupdown, ifcfg, wicked }: Observation['systems'],
  device: string,
  daemons: readonly Owner[],
): readonly Owner[] {
  const byManager = daemons.some(({ system }) => system === 'networkmanager');
  return [
    ...(ifupdown.includes(device) ? [owner('ifupdown', `/etc/network/interfaces has iface ${device}`)] : []),
    ...(ifcfg.includes(device) && !byManager ? [owner('ifcfg', `there is an ifcfg-${device}`)] : []),
    ...(wicked.includes(device) ? [owner('wicked', `there is a wicked ifcfg-${device}`)] : []),
  ];
}

/** The backends that speak to a system. */
export const BACKENDS_OF: Readonly<Record<NetworkSystem, readonly BackendName[]>> = {
  netplan: ['netplan'],
  networkmanager: ['networkmanager', 'nmcli', 'nmstate', 'ifcfg'],
  networkd: ['networkd'],
  ifupdown: ['ifupdown'],
  ifcfg: ['ifcfg', 'libvirt'],
  wicked: ['wicked'],
};

/** The program without which a backend's files mean nothing. */
export const TOOL_OF: { readonly [B in BackendName]?: string } = {
  netplan: 'netplan',
  networkmanager: 'nmcli',
  nmcli: 'nmcli',
  networkd: 'networkctl',
  ifupdown: 'ifup',
  iproute2: 'ip',
  libvirt: 'virsh',
  nmstate: 'nmstatectl',
  wicked: 'wicked',
};

/** Which system manages a host as a whole. */
export interface HostManager {
  /** The system; absent when there is none, or more than one. */
  readonly system?: NetworkSystem;
  /** Every system that manages one of the host's own devices, with the devices. */
  readonly owners: readonly (Owner & { readonly device: string })[];
}

/**
 * Which system manages the devices of a host that lead to the outside.
 *
 * @param observation - what the host is like
 */
export function managerOf(observation: Observation): HostManager {
  const owners = observation.devices
    .filter(isUplink)
    .flatMap(({ name }) => ownersOf(observation, name).map((found) => ({ ...found, device: name })));
  const systems = [...new Set(owners.map(({ system }) => system))];
  return compact({ owners, system: systems.length === 1 ? systems[0] : undefined });
}

/**
 * The backend to use for a bridge when nobody chooses one: that of the system that manages its ports. Absent where they
 * have several, which is a fault, and `iproute2`, which lasts until the next restart, where they have none.
 *
 * @param observation - what the host is like
 * @param ports - names of the devices that shall be ports
 */
export function backendFor(observation: Observation, ports: readonly string[]): BackendName | undefined {
  const systems = new Set(ports.flatMap((port) => ownersOf(observation, port).map(({ system }) => system)));
  const [first] = systems;
  if (systems.size > 1) return undefined;
  return first === undefined ? 'iproute2' : BACKENDS_OF[first][0];
}
