import { type Branch, leaf, shortName, treeText } from '../text/tree-lines.js';
import { modeLabel } from '../topology/labels.js';
import { guestLine } from '../topology/tree.js';
import type { Words } from '../words.js';
import type { GroupScene } from './groups.js';
import {
  gatewaysLabel,
  groupLabel,
  machineLabel,
  physicalLabel,
  placeOutside,
  routerLabel,
  subnetLines,
  tunnelsLabel,
} from './labels.js';
import type { HostScene, OvnNetworkScene, OvnScene, PhysicalScene, RouterScene } from './scene.js';

/** Prints networks on OVN as a tree of at most 100 columns. */
export function ovnTree(scene: OvnScene, words: Words): string {
  const { physical, networks, moreNetworks } = scene;
  const branches = [
    ...physical.map((one) => physicalBranch(one, scene, words)),
    ...hostBranches(scene, words),
    ...networks.map((network) => networkBranch(network, words)),
    ...(moreNetworks === 0 ? [] : [leaf(words.moreNetworks(moreNetworks))]),
  ];
  return treeText({ text: 'OVN', branches });
}

/** A physical network with the hosts that lead to it: `physical network lan (kvm1, kvm2)`. */
function physicalBranch(physical: PhysicalScene, { hosts }: OvnScene, words: Words): Branch {
  const own = physical.hosts.flatMap((i) => hosts[i]?.name ?? []);
  return {
    text: `${physicalLabel(physical, words)}${own.length === 0 ? '' : ` (${own.join(', ')})`}`,
    branches: physical.machines.map((machine) =>
      leaf(`${machineLabel(machine, words)}: ${machine.addresses.join(', ')}`),
    ),
  };
}

/** The hosts, below the tunnels that join them. A host alone has none. */
function hostBranches({ hosts, moreHosts, encapsulations }: OvnScene, words: Words): Branch[] {
  const more = moreHosts === 0 ? [] : [leaf(words.ovn.moreHosts(moreHosts))];
  if (encapsulations.length === 0) return [...hosts.map((host) => leaf(hostLine(host, words))), ...more];
  const joined = encapsulations.map((encapsulation) => ({
    text: tunnelsLabel(encapsulation, words),
    branches: hosts.filter((host) => host.encapsulation === encapsulation).map((host) => leaf(hostLine(host, words))),
  }));
  return [...joined, ...more];
}

const hostLine = ({ name, address }: HostScene, words: Words): string =>
  [`${words.host} ${shortName(name)}`, ...(address === undefined ? [] : [address])].join(', ');

const networkBranch = (network: OvnNetworkScene, words: Words): Branch => ({
  text: `${shortName(network.name)}: ${modeLabel(network, words)}`,
  branches: [
    ...subnetLines(network, words).map(leaf),
    ...(network.router === undefined ? [] : [routerBranch(network.router, words)]),
    ...network.groups.map((group) => groupBranch(group, words)),
    ...(network.more === 0 ? [] : [leaf(words.more(network.more))]),
  ],
});

const routerBranch = (router: RouterScene, words: Words): Branch => ({
  text: routerLabel(router, words),
  branches:
    router.way === undefined
      ? []
      : [
          leaf(`${words.outside}: ${placeOutside(router.way)}, ${router.way.addresses.join(', ')}`),
          leaf(gatewaysLabel(router.way, words)),
          ...router.way.gateways.map((hop) => leaf(words.ovn.defaultRoute(hop))),
        ],
});

const groupBranch = (group: GroupScene, words: Words): Branch => ({
  text: group.host === undefined ? groupLabel(group, words) : `${words.host} ${shortName(group.host)}`,
  branches: [
    ...group.guests.map((guest) => leaf(guestLine(guest, words))),
    ...(group.more === 0 ? [] : [leaf(words.more(group.more))]),
  ],
});
