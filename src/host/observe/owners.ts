import { backendsFor } from '../../host-bridge/render/backends.js';
import type { BackendName, NetworkSystem } from '../../host-bridge/render/rendering.js';
import { isUplink } from '../../host-facts/devices.js';
import { compact } from '../../schema/values.js';
import type { Observation } from './observe.js';
import { evidenceOf, systemsThatWork } from './systems.js';

/** Who manages a device, and how that is known. */
export interface Owner {
  readonly system: NetworkSystem;
  /** The evidence, such as `NetworkManager has it connected`. */
  readonly evidence: string;
}

/**
 * Who manages a device. More than one is a fault of the host: each undoes what the other does.
 *
 * @param observation - what the host is like
 * @param device - name of the device
 */
export function ownersOf({ systems }: Observation, device: string): readonly Owner[] {
  const owners = (way: Parameters<typeof systemsThatWork>[0]): readonly Owner[] =>
    systemsThatWork(way).flatMap((system) => {
      const evidence = evidenceOf(system, systems, device);
      return evidence === undefined ? [] : [{ system, evidence }];
    });
  const daemons = owners('by-daemon');
  // NetworkManager may read ifcfg files itself.
  const byManager = daemons.some(({ system }) => system === 'networkmanager');
  const files = owners('by-files').filter(({ system }) => system !== 'ifcfg' || !byManager);
  return [...withGenerator(owners('through-daemon'), daemons), ...files];
}

/** What generates files for a daemon manages the device through it. */
function withGenerator([generator]: readonly Owner[], daemons: readonly Owner[]): readonly Owner[] {
  if (generator === undefined || daemons.length > 1) return daemons;
  const evidence = [generator, ...daemons].map((owner) => owner.evidence).join(', ');
  return [{ system: generator.system, evidence }];
}

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
  return first === undefined ? 'iproute2' : backendsFor(first)[0];
}
