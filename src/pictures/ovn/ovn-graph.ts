import type { Graph, GraphEdge, GraphGroup, GraphNode } from '../graph/graph.js';
import { guestNotes, modeLabel } from '../topology/labels.js';
import type { Words } from '../words.js';
import { describeOvn } from './description.js';
import type { GroupScene } from './groups.js';
import {
  encapsulationLabel,
  gatewaysLabel,
  groupLabel,
  machineLabel,
  physicalLabel,
  placeOutside,
  subnetLines,
  tunnelEnd,
} from './labels.js';
import type { OvnNetworkScene, OvnScene, PhysicalScene, RouterScene } from './scene.js';

/** Makes a graph of networks on OVN: physical networks, hosts with the tunnels between them, routers, switches and guests. */
export function ovnGraph(scene: OvnScene, words: Words): Graph {
  const { physical, networks, moreNetworks } = scene;
  const more: GraphNode[] =
    moreNetworks === 0 ? [] : [{ id: 'more', lines: [words.moreNetworks(moreNetworks)], shape: 'box' }];
  return {
    title: words.ovn.title,
    description: describeOvn(scene, words),
    nodes: [
      ...physical.map((one, i) => node(`lan${i}`, [physicalLabel(one, words), ...machineLines(one, words)], 'round')),
      fabricNode(scene, words),
      ...more,
    ],
    groups: [...hostsGroup(scene, words), ...networks.map((network, i) => networkGroup(network, i, words))],
    edges: [
      ...physical.flatMap((one, i) => one.hosts.map((host) => line(`lan${i}`, `host${host}`))),
      ...scene.hosts.map((_, i) => line(`host${i}`, 'ovn')),
      ...networks.flatMap((network, i) => networkEdges(scene, network, i)),
    ],
  };
}

const machineLines = ({ machines }: PhysicalScene, words: Words): string[] =>
  machines.flatMap((machine) => [machineLabel(machine, words), ...machine.addresses]);

const node = (id: string, lines: readonly string[], shape: GraphNode['shape'] = 'box'): GraphNode => ({
  id,
  lines,
  shape,
});

/** What joins the hosts: their tunnels. */
const fabricNode = ({ encapsulations }: OvnScene, words: Words): GraphNode =>
  node('ovn', [
    'OVN',
    ...(encapsulations.length === 0 ? [] : [words.ovn.tunnels]),
    ...encapsulations.map(encapsulationLabel),
  ]);

/** The hosts; nothing where none is known. */
function hostsGroup({ hosts, moreHosts, encapsulations }: OvnScene, words: Words): GraphGroup[] {
  if (hosts.length === 0) return [];
  const more = moreHosts === 0 ? [] : [node('hosts', [words.ovn.moreHosts(moreHosts)])];
  const nodes = hosts.map((host, i) =>
    node(`host${i}`, [`${words.host} ${host.name}`, ...(encapsulations.length === 0 ? [] : [tunnelEnd(host)])]),
  );
  return [{ label: words.ovn.hosts, nodes: [...nodes, ...more], groups: [] }];
}

function networkGroup(network: OvnNetworkScene, number: number, words: Words): GraphGroup {
  const hub = `sw${number}`;
  const router = network.router === undefined ? [] : [node(`r${number}`, routerLines(network.router, words))];
  const more = network.more === 0 ? [] : [node(`${hub}more`, [words.more(network.more)], 'round')];
  return {
    label: `${network.name}: ${modeLabel(network, words)}`,
    nodes: [...router, node(hub, [words.networkSwitch, ...subnetLines(network, words)]), ...more],
    groups: network.groups.map((group, i) => guestsGroup(group, `${hub}h${i}`, words)),
  };
}

const routerLines = ({ inside, way }: RouterScene, words: Words): string[] => [
  words.ovn.router,
  ...inside,
  ...(way === undefined
    ? []
    : [
        `${words.outside}: ${placeOutside(way)}`,
        ...way.addresses,
        ...way.gateways.map(words.ovn.defaultRoute),
        gatewaysLabel(way, words),
      ]),
];

const guestsGroup = (group: GroupScene, id: string, words: Words): GraphGroup => ({
  label: groupLabel(group, words),
  nodes: [
    ...group.guests.map((guest, i) =>
      node(`${id}vm${i}`, [guest.name, ...guest.addresses, ...guestNotes(guest, words)], 'round'),
    ),
    ...(group.more === 0 ? [] : [node(`${id}more`, [words.more(group.more)], 'round')]),
  ],
  groups: [],
});

function networkEdges(scene: OvnScene, { router, groups, more }: OvnNetworkScene, number: number): GraphEdge[] {
  const hub = `sw${number}`;
  const up = router === undefined ? [] : [line(`r${number}`, hub), ...gatewayEdges(scene, router, `r${number}`)];
  const guests = groups.flatMap((group, i) => guestEdges(group, hub, `${hub}h${i}`));
  return [line('ovn', hub), ...up, ...guests, ...(more === 0 ? [] : [line(hub, `${hub}more`)])];
}

/** Guests that are not plugged in are joined to their network by dots. */
const guestEdges = ({ guests, more, isPlugged }: GroupScene, hub: string, id: string): GraphEdge[] =>
  [...guests.map((_, n) => `${id}vm${n}`), ...(more === 0 ? [] : [`${id}more`])].map((to) => ({
    ...line(hub, to),
    style: isPlugged ? 'line' : 'dashed line',
  }));

/** A router and the hosts that connect it. */
function gatewayEdges({ hosts }: OvnScene, { way }: RouterScene, router: string): GraphEdge[] {
  const gateways = new Set(way?.chassis.map(({ name }) => name));
  return hosts.flatMap(({ name }, i) => (gateways.has(name) ? line(`host${i}`, router) : []));
}

const line = (from: string, to: string): GraphEdge => ({ from, to, style: 'line' });
