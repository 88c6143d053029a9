import { CALL_OPTIONS, type CallOptions } from '../async/deadline.js';
import type { Host } from '../client/host.js';
import { type OptionNames, optionsOf, partOf, readable } from '../options/options.js';
import type { OvnTopology } from '../ovn-model/topology.js';
import type { OutsideSegment, Topology } from '../preview/flow/topology.js';
import { notDrawable } from './check-topology.js';
import { svgOf } from './drawing/svg.js';
import { dotOf } from './graph/dot.js';
import { mermaidOf } from './graph/mermaid.js';
import {
  type KnownOptions,
  PICTURE_OPTIONS,
  type PictureFormat,
  type PictureOptions,
  pictureOptions,
} from './options.js';
import { ovnDrawing } from './ovn/layout.js';
import { ovnGraph } from './ovn/ovn-graph.js';
import { type OvnScene, ovnScene } from './ovn/scene.js';
import { ovnTree } from './ovn/tree.js';
import { topologyDrawing } from './topology/layout.js';
import { type TopologyScene, topologyScene } from './topology/scene.js';
import { topologyGraph } from './topology/topology-graph.js';
import { topologyTree } from './topology/tree.js';
import { WORDS, type Words } from './words.js';

/** Options for a picture of a host. */
export interface HostPictureOptions extends PictureOptions, CallOptions {
  /** The LANs that the host is on, which libvirt does not report. Default: what is outside has no addresses in the picture. */
  readonly outside?: readonly OutsideSegment[];
}

const HOST_PICTURE: OptionNames<HostPictureOptions> = { ...PICTURE_OPTIONS, ...CALL_OPTIONS, outside: true };

const OVN_RENDERERS: Readonly<Record<PictureFormat, (scene: OvnScene, words: Words) => string>> = {
  svg: (scene, words) => svgOf(ovnDrawing(scene, words)),
  mermaid: (scene, words) => mermaidOf(ovnGraph(scene, words)),
  dot: (scene, words) => dotOf(ovnGraph(scene, words)),
  text: ovnTree,
};

const RENDERERS: Readonly<Record<PictureFormat, (scene: TopologyScene, words: Words) => string>> = {
  svg: (scene, words) => svgOf(topologyDrawing(scene, words)),
  mermaid: (scene, words) => mermaidOf(topologyGraph(scene, words)),
  dot: (scene, words) => dotOf(topologyGraph(scene, words)),
  text: topologyTree,
};

/**
 * Draws networks and guests on a host: LANs, the host's devices, networks with their modes and subnets, switches, and guests
 * with their addresses. Of more than 40 guests and 24 networks the rest is grouped. A LAN that the topology does not
 * name has no addresses in the picture.
 *
 * @param topology - the networks, the guests on them and the LANs; guests without addresses have those that `explainFlow` gives them,
 *   and without `guests` none are drawn
 * @param options - format and language
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for an unknown option, format or language, and for a part of the
 *   topology that cannot be drawn, such as a guest on a network that is not in it; the message names the part
 *
 * @example
 * ```ts
 * console.log(renderTopology({ networks: [lab], backend: 'nftables' }, { format: 'text' }));
 * ```
 */
export function renderTopology(topology: Topology, options: PictureOptions): string;
/**
 * Draws networks on OVN and guests on its hosts: physical networks, the hosts with the tunnels between them, routers with the
 * hosts that connect them, and networks, in each of which the guests are grouped by the host that they run on. Of more than 12
 * hosts, 40 guests and 24 networks the rest is counted.
 *
 * @param topology - the hosts and networks of OVN, the guests and the machines outside; told from that of one host by `chassis`
 * @param options - format and language
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for a part of the topology that cannot be drawn, such as a guest on a
 *   chassis that is not in it; the message names the part
 * @throws `OvnUnsupportedError` for a network that OVN cannot express
 */
export function renderTopology(topology: OvnTopology, options: PictureOptions): string;
/**
 * Draws what runs on a host: its active networks and the running guests on them, as `readTopology` reads them.
 *
 * @param host - what `connect` returned, to a daemon that runs virtual machines
 * @param options - format, language and LANs
 * @throws {@link OperationError} code `UNSUPPORTED` when the URI's driver has no guests
 */
export function renderTopology(host: Host, options: HostPictureOptions): Promise<string>;
export function renderTopology(
  subject: Topology | OvnTopology | Host,
  options: HostPictureOptions,
): string | Promise<string> {
  if (isOfOvn(subject)) return renderOvn(subject, pictureOptions(options, 'renderTopology'));
  return isTopology(subject)
    ? render(subject, pictureOptions(options, 'renderTopology'))
    : renderHost(subject, optionsOf(options, HOST_PICTURE, 'renderTopology'));
}

/** Tells a topology of OVN, which has hosts, from everything else. */
const isOfOvn = (subject: Topology | OvnTopology | Host): subject is OvnTopology =>
  readable('renderTopology', () => partOfAnything(subject, 'chassis')) !== undefined;

/** Tells a topology, whose networks are a list, from a host, whose networks are an object. */
function isTopology(subject: Topology | Host): subject is Topology {
  const networks = readable('renderTopology', () => partOfAnything(subject, 'networks'));
  if (Array.isArray(networks)) return true;
  if (typeof networks === 'object' && networks !== null) return false;
  throw notDrawable(subject);
}

const partOfAnything = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const render = (topology: Topology, { format, language }: KnownOptions): string =>
  readable('renderTopology', () => RENDERERS[format](topologyScene(topology), WORDS[language]));

const renderOvn = (topology: OvnTopology, { format, language }: KnownOptions): string =>
  readable('renderTopology', () => OVN_RENDERERS[format](ovnScene(topology), WORDS[language]));

async function renderHost(host: Host, options: HostPictureOptions): Promise<string> {
  const known = pictureOptions(partOf<PictureOptions>(options, PICTURE_OPTIONS), 'renderTopology');
  // Reading NICs needs the reader of XML, which pictures of topologies do not.
  const { readTopology } = await import('../guests/read-topology.js');
  const { outside } = options;
  const surroundings = outside === undefined ? {} : { outside };
  // Pictures show no rules, so that the backend does not matter.
  const topology = await readTopology(host, {
    backend: 'iptables',
    ...surroundings,
    ...partOf<CallOptions>(options, CALL_OPTIONS),
  });
  return render(topology, known);
}
