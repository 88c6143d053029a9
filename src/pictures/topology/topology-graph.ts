import type { Graph, GraphEdge, GraphGroup, GraphNode } from '../graph/graph.js';
import type { Words } from '../words.js';
import { deviceLabel, guestNotes, lanLabel, modeLabel, networkLines } from './labels.js';
import type { NetworkScene, TopologyScene } from './scene.js';

/** Makes a graph of a topology: LANs, the host, its networks with their switches, and guests. */
export function topologyGraph(scene: TopologyScene, words: Words): Graph {
  const { lans, networks, moreNetworks, totals } = scene;
  const groups = networks.map((network, i) => networkGroup(network, i, words));
  const more: GraphNode[] =
    moreNetworks === 0 ? [] : [{ id: 'more', lines: [words.moreNetworks(moreNetworks)], shape: 'box' }];
  const host: GraphNode = { id: 'host', lines: words.hostWork, shape: 'box' };
  return {
    title: words.topologyTitle,
    description: words.topologySummary(totals.networks, totals.guests),
    nodes: lans.map((lan, i) => ({ id: `lan${i}`, lines: [lanLabel(lan, words), ...lan.outside], shape: 'round' })),
    groups: [{ label: words.host, nodes: [host, ...nicsOf(scene), ...more], groups }],
    edges: [...lanEdges(scene), ...networks.flatMap((network, i) => networkEdges(scene, network, i))],
  };
}

/** The host's devices on LANs. */
const nicsOf = ({ lans }: TopologyScene): GraphNode[] =>
  lans.flatMap(({ device, host }, i) =>
    device === undefined ? [] : [{ id: `nic${i}`, lines: [device, ...host], shape: 'box' as const }],
  );

/** The host routes between the LANs that it has addresses on, and those that no bridged network is on. */
function lanEdges({ lans, networks }: TopologyScene): GraphEdge[] {
  const bridged = new Set(networks.flatMap(({ isRouted, device }) => (isRouted ? [] : device)));
  return lans.flatMap(({ device, host }, i): GraphEdge[] => {
    if (device === undefined) return [line(`lan${i}`, 'host')];
    const up = host.length > 0 || !bridged.has(device) ? [line(`nic${i}`, 'host')] : [];
    return [line(`lan${i}`, `nic${i}`), ...up];
  });
}

function networkGroup(network: NetworkScene, number: number, words: Words): GraphGroup {
  const hub: GraphNode = {
    id: `sw${number}`,
    lines: [deviceLabel(network, words), ...networkLines(network, words)],
    shape: 'box',
  };
  const guests = network.guests.map(
    (guest, i): GraphNode => ({
      id: `sw${number}vm${i}`,
      lines: [guest.name, ...guest.addresses, ...guestNotes(guest, words)],
      shape: 'round',
    }),
  );
  const more: GraphNode[] =
    network.more === 0 ? [] : [{ id: `sw${number}more`, lines: [words.more(network.more)], shape: 'round' }];
  return { label: `${network.name}: ${modeLabel(network, words)}`, nodes: [hub, ...guests, ...more], groups: [] };
}

function networkEdges({ lans }: TopologyScene, network: NetworkScene, number: number): GraphEdge[] {
  const hub = `sw${number}`;
  const nic = lans.findIndex(({ device }) => device === network.device);
  const up = network.isRouted ? [line('host', hub)] : nic === -1 ? [] : [line(`nic${nic}`, hub)];
  const guests = network.guests.map((_, i) => line(hub, `${hub}vm${i}`));
  return [...up, ...guests, ...(network.more === 0 ? [] : [line(hub, `${hub}more`)])];
}

const line = (from: string, to: string): GraphEdge => ({ from, to, style: 'line' });
