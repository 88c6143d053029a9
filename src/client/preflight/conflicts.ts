import { REMEDIES } from '../../errors/remedies.js';
import { programOfDevice } from '../../host-facts/device-programs.js';
import type { BaseNetwork } from '../../model/base.js';
import { isLayer3 } from '../../schema/network/canonical.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { normalizeMac } from '../../schema/scalar.js';
import { compact } from '../../schema/values.js';
import type { DeviceFacts } from '../state/host-view.js';
import { type Block, blockOf, blockOfRoute, blocksOf, isEverywhere, overlaps, type Wanted } from './blocks.js';
import { portConflicts } from './port-conflicts.js';
import { ownerOfDevice, routerConflicts } from './router-conflicts.js';
import type { Conflict, ConflictOwner, Neighbour, Surroundings } from './types.js';

/**
 * Finds the conflicts of a network: names, uuids, MAC addresses, bridge names, subnets and forwarded ports that belong to other networks of the same libvirt (stopped ones included), or to devices and routes of the host. Subnets conflict in both directions, whichever is larger. Pure: it asks nothing. libvirt itself checks little of this, and only at the start.
 *
 * @param desired - the network; a network of the same name is treated as itself, not as a conflict
 * @param around - existing networks, devices and routes
 */
export function findConflicts(desired: BaseNetwork, around: Surroundings): readonly Conflict[] {
  const others = around.networks.filter(({ name }) => name !== desired.name);
  const own = around.networks.find(({ name }) => name === desired.name);
  const scene = contextOf(desired, own, others, around);
  return [
    ...identityConflicts(scene),
    ...bridgeConflicts(scene),
    ...macConflicts(scene),
    ...subnetConflicts(scene),
    ...portConflicts(desired.document, others),
    ...routerConflicts(desired, { devices: scene.devices, acceptRa: around.acceptRa, libvirt: around.libvirt }),
  ];
}

interface ConflictContext {
  readonly desired: BaseNetwork;
  readonly own: Neighbour | undefined;
  readonly others: readonly Neighbour[];
  /** Devices of the host except the bridges of running networks. */
  readonly devices: readonly DeviceFacts[];
  readonly routes: NonNullable<Surroundings['routes']>;
  /** True if the routes of the host are known. */
  readonly hasRoutes: boolean;
}

function contextOf(
  desired: BaseNetwork,
  own: Neighbour | undefined,
  others: readonly Neighbour[],
  around: Surroundings,
): ConflictContext {
  const { devices = [], routes = [] } = around;
  const bridges = new Set(around.networks.flatMap(({ live }) => (live === undefined ? [] : bridgesOf(live))));
  return {
    desired,
    own,
    others,
    hasRoutes: around.routes !== undefined,
    devices: devices.filter(({ name }) => !bridges.has(name)),
    routes: routes.filter(({ device }) => device === undefined || !bridges.has(device)),
  };
}

/** The bridge that libvirt has made for a network that runs. */
const bridgesOf = (live: NetworkDocument): string[] =>
  isLayer3(live) && live.bridge?.name !== undefined ? [live.bridge.name] : [];

const documentsOf = ({ live, stored }: Neighbour): NetworkDocument[] =>
  [live, stored].filter((document) => document !== undefined);

const networkOwner = ({ name }: Neighbour): ConflictOwner => ({ kind: 'network', name });

/** Describes an owner: `network "lab"`, `device docker0 (Docker)`. */
function describeOwner({ kind, name, program }: ConflictOwner): string {
  if (kind === 'network') return `network "${name}"`;
  return `${kind} ${name}${program === undefined ? '' : ` (${program})`}`;
}

const conflict = (
  code: Conflict['code'],
  path: string,
  what: string,
  owner: ConflictOwner,
  refused = code !== 'MAC_IN_USE',
): Conflict => ({
  code,
  path,
  message: `${what} by ${describeOwner(owner)}`,
  owner,
  refused,
  hint: REMEDIES[code],
});

function identityConflicts({ desired: { uuid }, own, others }: ConflictContext): Conflict[] {
  if (uuid === undefined) return [];
  const renamed = others.find((other) => other.uuid === uuid);
  return [
    ...(own === undefined || own.uuid === uuid
      ? []
      : [conflict('NETWORK_EXISTS', 'name', `the name is taken, with uuid ${own.uuid},`, networkOwner(own))]),
    ...(renamed === undefined ? [] : [conflict('NETWORK_EXISTS', 'uuid', 'the uuid is taken', networkOwner(renamed))]),
  ];
}

function bridgeConflicts({ desired: { document }, others, devices }: ConflictContext): Conflict[] {
  const name = document.bridge?.name;
  if (name === undefined || !isLayer3(document)) return [];
  const other = others.find((one) => documentsOf(one).some(({ bridge }) => bridge?.name === name));
  const device = devices.find((one) => one.name === name);
  const what = `bridge name ${name} is taken`;
  return [
    ...(other === undefined ? [] : [conflict('BRIDGE_IN_USE', 'bridge.name', what, networkOwner(other))]),
    ...(device === undefined ? [] : [conflict('BRIDGE_EXISTS', 'bridge.name', what, ownerOfDevice(device))]),
  ];
}

function macConflicts({ desired: { document }, others, devices }: ConflictContext): Conflict[] {
  const mac = document.mac?.address;
  const isSame = (other: string | undefined) =>
    mac !== undefined && other !== undefined && normalizeMac(other) === normalizeMac(mac);
  const what = `MAC address ${mac} is used`;
  return [
    ...others
      .filter((one) => documentsOf(one).some((document) => isSame(document.mac?.address)))
      .map((one) => conflict('MAC_IN_USE', 'mac.address', what, networkOwner(one))),
    ...devices
      .filter((one) => isSame(one.mac))
      .map((one) => conflict('MAC_IN_USE', 'mac.address', what, ownerOfDevice(one))),
  ];
}

/** An address block in use. */
interface Taken {
  readonly block: Block;
  readonly owner: ConflictOwner;
  /** Key that reports one conflict only once: a device has both its address and the route to it. */
  readonly key: string;
  /** True if the host has a route to exactly this block. */
  readonly isRouted: boolean;
}

function subnetConflicts(scene: ConflictContext): Conflict[] {
  const taken = takenBy(scene);
  return blocksOf(scene.desired.document).flatMap((wanted) => overlapsOf(wanted, taken));
}

function overlapsOf({ path, block }: Wanted, taken: readonly Taken[]): Conflict[] {
  const found = new Map<string, Conflict>();
  for (const one of taken) {
    if (!overlaps(block, one.block)) continue;
    const isSame = one.block.text === block.text;
    const known = found.get(one.key);
    // libvirt compares IPv4 subnets with the host's routes, and only for being the same.
    const refused = isSame && one.isRouted && block.family === 'ipv4';
    const what = isSame ? `${block.text} is used` : `${block.text} overlaps ${one.block.text} used`;
    if (known === undefined) found.set(one.key, conflict('SUBNET_IN_USE', path, what, one.owner, refused));
    else if (refused) found.set(one.key, { ...known, refused });
  }
  return [...found.values()];
}

const takenBy = (scene: ConflictContext): Taken[] => [
  ...networkBlocks(scene),
  ...deviceBlocks(scene),
  ...routeBlocks(scene),
];

const networkBlocks = ({ others }: ConflictContext): Taken[] =>
  others.flatMap((other) =>
    documentsOf(other)
      .flatMap((document) => blocksOf(document).map(({ block }) => ({ block, isRouted: document === other.live })))
      .map((one) => ({ ...one, owner: networkOwner(other), key: `network ${other.name}` })),
  );

/** Addresses have routes, unless the routes are known and say otherwise: then these tell. */
const deviceBlocks = ({ devices, hasRoutes }: ConflictContext): Taken[] =>
  devices.flatMap((device) =>
    device.addresses.flatMap(({ address, prefix }) => {
      const block = blockOf(address, prefix);
      if (block === undefined || isEverywhere(block)) return [];
      return [{ block, owner: ownerOfDevice(device), key: `device ${device.name}`, isRouted: !hasRoutes }];
    }),
  );

const routeBlocks = ({ routes }: ConflictContext): Taken[] =>
  routes.flatMap((route) => {
    const block = blockOfRoute(route);
    if (block === undefined || isEverywhere(block)) return [];
    const { device } = route;
    const name = device === undefined ? block.text : `${block.text} by ${device}`;
    const owner = compact({ kind: 'route' as const, name, program: programOfDevice({ name: device ?? '' }) });
    const isRouted = (route.table ?? 'main') === 'main';
    return [{ block, owner, key: device === undefined ? `route ${block.text}` : `device ${device}`, isRouted }];
  });
