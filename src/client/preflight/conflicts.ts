import { REMEDIES } from '../../errors/remedies.js';
import type { BaseNetwork } from '../../model/base.js';
import { forwardModeOf, isLayer3 } from '../../schema/network/canonical.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { addressIn } from '../../schema/rules/context.js';
import { normalizeMac } from '../../schema/scalar.js';
import type { HostDevice } from '../state/host-view.js';
import { type Block, blockOf, blockOfCidr, blocksOf, isEverywhere, overlaps, type Wanted } from './blocks.js';
import { describeOwner, ownerOfDevice } from './owners.js';
import type { Conflict, ConflictOwner, Neighbour, Surroundings } from './types.js';

/**
 * What is in the way of a network: names, uuids, MAC addresses, bridge names and subnets that others have, networks of
 * the same libvirt (stopped ones too), devices and routes of the host. Subnets clash in both directions, whichever is
 * the larger. Pure: nothing is asked. libvirt itself sees little of this, and that only at the start.
 *
 * @param desired - the network; one of the same name is the same, and not in its own way
 * @param around - what is there
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
    ...acceptRaConflicts(scene),
  ];
}

interface ConflictContext {
  readonly desired: BaseNetwork;
  readonly own: Neighbour | undefined;
  readonly others: readonly Neighbour[];
  /** Devices of the host that are no bridge of a network that runs. */
  readonly devices: readonly HostDevice[];
  readonly routes: NonNullable<Surroundings['routes']>;
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
    devices: devices.filter(({ name }) => !bridges.has(name)),
    routes: routes.filter(({ dev }) => dev === undefined || !bridges.has(dev)),
  };
}

/** The bridge that libvirt has made for a network that runs. */
const bridgesOf = (live: NetworkDocument): string[] =>
  isLayer3(live) && live.bridge?.name !== undefined ? [live.bridge.name] : [];

const documentsOf = ({ live, stored }: Neighbour): NetworkDocument[] =>
  [live, stored].filter((document) => document !== undefined);

const networkOwner = ({ name }: Neighbour): ConflictOwner => ({ kind: 'network', name });

const conflict = (code: Conflict['code'], path: string, what: string, owner: ConflictOwner): Conflict => ({
  code,
  path,
  message: `${what} by ${describeOwner(owner)}`,
  owner,
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

/** A block that somebody has. */
interface Taken {
  readonly block: Block;
  readonly owner: ConflictOwner;
  /** What it is a clash with only once: a device has both its address and the route to it. */
  readonly key: string;
}

function subnetConflicts(scene: ConflictContext): Conflict[] {
  const taken = takenBy(scene);
  return blocksOf(scene.desired.document).flatMap((wanted) => overlapsOf(wanted, taken));
}

function overlapsOf({ path, block }: Wanted, taken: readonly Taken[]): Conflict[] {
  const found = new Map<string, Conflict>();
  for (const one of taken) {
    if (found.has(one.key) || !overlaps(block, one.block)) continue;
    const what =
      one.block.text === block.text ? `${block.text} is used` : `${block.text} overlaps ${one.block.text} used`;
    found.set(one.key, conflict('SUBNET_IN_USE', path, what, one.owner));
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
      .flatMap(blocksOf)
      .map(({ block }) => ({ block, owner: networkOwner(other), key: `network ${other.name}` })),
  );

const deviceBlocks = ({ devices }: ConflictContext): Taken[] =>
  devices.flatMap((device) =>
    device.addresses.flatMap(({ address, prefix }) => {
      const block = blockOf(address, prefix);
      if (block === undefined || isEverywhere(block)) return [];
      return [{ block, owner: ownerOfDevice(device), key: `device ${device.name}` }];
    }),
  );

const routeBlocks = ({ routes }: ConflictContext): Taken[] =>
  routes.flatMap(({ to, dev }) => {
    const block = blockOfCidr(to);
    if (block === undefined || isEverywhere(block)) return [];
    const name = dev === undefined ? to : `${to} by ${dev}`;
    const { program } = ownerOfDevice({ name: dev ?? '' });
    const owner: ConflictOwner = { kind: 'route', name, ...(program === undefined ? {} : { program }) };
    return [{ block, owner, key: dev === undefined ? `route ${to}` : `device ${dev}` }];
  });

/** Forwarding IPv6 makes the kernel forget what routers have told it, unless it is told to listen all the same. */
function acceptRaConflicts({ desired: { document }, devices, routes }: ConflictContext): Conflict[] {
  const at = (document.ips ?? []).findIndex(({ address }) => addressIn(address)?.family === 'ipv6');
  if (at === -1 || forwardModeOf(document) === 'none') return [];
  const learned = new Set(
    routes.flatMap(({ protocol, dev, to }) => (protocol === 'ra' && to.includes(':') ? [dev] : [])),
  );
  return devices
    .filter(({ name, acceptRa }) => learned.has(name) && acceptRa !== undefined && acceptRa !== 2)
    .map((device) => ({
      ...conflict('ACCEPT_RA', `ips[${at}]`, 'IPv6 forwarding would drop the routes learned', ownerOfDevice(device)),
      hint: `sysctl net.ipv6.conf.${device.name}.accept_ra=2`,
    }));
}
