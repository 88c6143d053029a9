import { forwardModeOf, isLayer3 } from '../schema/network/canonical.js';
import type { NetworkDocument } from '../schema/network/network.js';
import type { VirtualPort } from '../schema/network/ports.js';
import type { NetworkPort, PortPlug } from '../schema/networkport.js';
import { isElement, type XmlElement } from '../xml/node.js';
import { Refusal } from './refusal.js';

/**
 * A port as a running network takes it in: with what its port group and the network say, and with where it is plugged in.
 *
 * @param network - the running definition
 * @param taken - the ports that are there
 * @param makeUuid - gives a switch's name for the port, where it has none
 */
export function plugged(
  network: NetworkDocument,
  port: NetworkPort,
  taken: readonly NetworkPort[],
  makeUuid: () => string,
): NetworkPort {
  const groups = network.portgroups ?? [];
  const group =
    port.group === undefined ? groups.find((one) => one.default) : groups.find(({ name }) => name === port.group);
  const bandwidth = port.bandwidth ?? group?.bandwidth;
  const vlan = port.vlan ?? group?.vlan ?? network.vlan;
  const trustGuest = port.rxfilters?.trustGuest ?? group?.trustGuestRxFilters ?? network.trustGuestRxFilters;
  const virtualport = port.virtualport ?? group?.virtualport ?? network.virtualport;
  const options = port.port ?? network.port;
  checkSwitch(network, virtualport?.type);
  const plug = plugOf(network);
  if (taken.some(({ uuid }) => uuid === port.uuid))
    throw new Refusal(`network port Network port with UUID ${port.uuid} already exists exists already`);
  return {
    ...port,
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(trustGuest === undefined ? {} : { rxfilters: { trustGuest } }),
    ...(virtualport === undefined ? {} : { virtualport: known(virtualport, makeUuid) }),
    ...(options === undefined ? {} : { port: options }),
    plug,
  };
}

/** A virtual port with the uuid that its switch knows it by. */
function known(port: VirtualPort, makeUuid: () => string): VirtualPort {
  const key = port.type === 'openvswitch' ? 'interfaceid' : port.type === '802.1Qbg' ? 'instanceid' : undefined;
  if (key === undefined || port.parameters?.[key] !== undefined) return port;
  return { ...port, parameters: { ...port.parameters, [key]: makeUuid() } };
}

/** Refuses virtual ports of switches that the network has not. */
function checkSwitch(network: NetworkDocument, type: string | undefined): void {
  if (type === undefined) return;
  const mode = forwardModeOf(network);
  const isHostBridge = mode === 'bridge' && network.bridge?.name !== undefined;
  const isFine = isHostBridge ? type === 'openvswitch' : !isLayer3(network) && type.startsWith('802.1Qb');
  if (isFine) return;
  const uses = isLayer3(network) ? 'IP forwarding' : isHostBridge ? 'a bridge device' : 'a macvtap device';
  throw new Refusal(
    `unsupported configuration: <virtualport type='${type}'> not supported for network '${network.name}' which uses ${uses}`,
  );
}

function plugOf(network: NetworkDocument): PortPlug {
  const mode = forwardModeOf(network);
  const { name, macTableManager } = network.bridge ?? {};
  const bridge = { ...(name === undefined ? {} : { bridge: name }), ...(macTableManager && { macTableManager }) };
  if (isLayer3(network)) return { type: 'network', ...bridge };
  if (mode === 'bridge' && name !== undefined) return { type: 'bridge', ...bridge };
  const dev = deviceOf(network, mode === 'passthrough');
  const isMacvtap = mode === 'bridge' || mode === 'passthrough' || mode === 'private' || mode === 'vepa';
  return { type: 'direct', dev, ...(isMacvtap ? { mode } : {}) };
}

/** The device with the fewest guests on it, or one with none. */
function deviceOf({ name, forward }: NetworkDocument, isExclusive: boolean): string {
  const devices = forward?.interfaces ?? (forward?.dev === undefined ? [] : [{ dev: forward.dev }]);
  const [best] = [...devices].sort((a, b) => (a.connections ?? 0) - (b.connections ?? 0));
  if (best !== undefined && !(isExclusive && (best.connections ?? 0) > 0)) return best.dev;
  throw new Refusal(
    `internal error: network '${name}' requires exclusive access to interfaces, but none are available`,
  );
}

const counted = (connections: number | undefined, change: number) => Math.max((connections ?? 0) + change, 0);

/**
 * A running definition with one guest more or less on it and on a device of it. libvirt keeps these numbers in the
 * definition, and not with the ports.
 *
 * @param change - 1 or -1
 */
export function withGuest(network: NetworkDocument, dev: string | undefined, change: number): NetworkDocument {
  const { forward } = network;
  const interfaces = forward?.interfaces?.map((one) =>
    one.dev === dev ? { ...one, connections: counted(one.connections, change) } : one,
  );
  return {
    ...network,
    connections: counted(network.connections, change),
    ...(interfaces === undefined ? {} : { forward: { ...forward, interfaces } }),
  };
}

/** A definition as libvirt reads it back after a change while it runs: the numbers of guests are forgotten. */
export function withoutGuests(network: NetworkDocument): NetworkDocument {
  const { connections: _, ...rest } = network;
  const { forward } = rest;
  if (forward?.interfaces === undefined) return rest;
  return { ...rest, forward: { ...forward, interfaces: forward.interfaces.map(({ connections: _, ...one }) => one) } };
}

/** A running network as it is printed: with the numbers of guests that its definition has. */
export function withConnections(root: XmlElement, { connections = 0, forward }: NetworkDocument): XmlElement {
  const guestsOn = (dev: string | undefined) => forward?.interfaces?.find((one) => one.dev === dev)?.connections ?? 0;
  const ofDevice = (element: XmlElement): XmlElement =>
    element.name === 'interface' ? withCount(element, guestsOn(element.attributes['dev'])) : element;
  const inside = mapped(root, (element) => (element.name === 'forward' ? mapped(element, ofDevice) : element));
  if (connections === 0) return inside;
  const { 'xmlns:dnsmasq': dnsmasq, ...others } = root.attributes;
  const own = dnsmasq === undefined ? {} : { 'xmlns:dnsmasq': dnsmasq };
  return { ...inside, attributes: { ...own, connections: String(connections), ...others } };
}

const withCount = (element: XmlElement, count: number): XmlElement =>
  count === 0 ? element : { ...element, attributes: { ...element.attributes, connections: String(count) } };

const mapped = (element: XmlElement, change: (child: XmlElement) => XmlElement): XmlElement => ({
  ...element,
  children: element.children.map((child) => (isElement(child) ? change(child) : child)),
});
