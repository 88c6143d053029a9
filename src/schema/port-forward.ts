import { ownNamespace } from '../xml/namespace.js';
import { textOf, type XmlElement } from '../xml/node.js';
import { isPlainIpv4, parseAddress } from './address.js';
import type { NetworkDocument } from './network/network.js';

/** The namespace under which a network's metadata keeps its port forwards. */
export const PORT_FORWARD_NAMESPACE = 'urn:libvirt-network:port-forwards:1';

/** A range of ports of the host. */
export interface PortRange {
  /** Lowest port, 1 to 65535. */
  readonly start: number;
  /** Highest port, 1 to 65535, not below `start`. */
  readonly end: number;
}

/** A way from outside to a guest behind NAT: what arrives at a port of the host goes on to the guest. */
export interface PortForward {
  readonly protocol: 'tcp' | 'udp';
  /** Port or ports of the host, 1 to 65535. */
  readonly hostPort: number | PortRange;
  /** The address of the host that it holds for. Default: every address of the host but loopback. */
  readonly hostAddress?: string;
  /** The guest. */
  readonly to: {
    /** Its address, IPv4 or IPv6: best a reserved one. */
    readonly ip: string;
    /** Its port; for a range of ports the first of its. Default: the same as the host's. */
    readonly port?: number;
  };
}

/** The ports of the host as a range. */
export const hostPortsOf = ({ hostPort }: PortForward): PortRange =>
  typeof hostPort === 'number' ? { start: hostPort, end: hostPort } : hostPort;

/** The ports of the guest as a range. */
export function guestPortsOf(forward: PortForward): PortRange {
  const { start, end } = hostPortsOf(forward);
  const first = forward.to.port ?? start;
  return { start: first, end: first + end - start };
}

/** Describes the problem of a port forward by itself; returns nothing for a valid one. */
export function portForwardProblem(forward: PortForward): string | undefined {
  const { protocol, hostAddress, to } = forward;
  if (protocol !== 'tcp' && protocol !== 'udp') return `the protocol must be tcp or udp, not ${String(protocol)}`;
  const target = typeof to?.ip === 'string' ? parseAddress(to.ip) : undefined;
  if (target === undefined) return `the guest's address '${String(to?.ip)}' is not an IP address`;
  if (hostAddress !== undefined) {
    const own = typeof hostAddress === 'string' ? parseAddress(hostAddress) : undefined;
    if (own === undefined) return `the host's address '${String(hostAddress)}' is not an IP address`;
    if (own.family !== target.family) return `${own.text} and ${target.text} are of different families`;
  }
  if (!isRange(hostPortsOf(forward)))
    return 'the ports of the host must be whole numbers from 1 to 65535, the lower first';
  return isRange(guestPortsOf(forward)) ? undefined : 'the ports of the guest must be whole numbers from 1 to 65535';
}

const isPort = (port: unknown): boolean => Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65535;
const isRange = (range: PortRange | undefined): boolean =>
  isPort(range?.start) && isPort(range?.end) && Number(range?.start) <= Number(range?.end);

/** Tells whether two forwards want the same port of the same address. */
export function clashes(a: PortForward, b: PortForward): boolean {
  const [x, y] = [hostPortsOf(a), hostPortsOf(b)];
  if (a.protocol !== b.protocol || x.end < y.start || y.end < x.start) return false;
  if (familyOf(a) !== familyOf(b)) return false;
  const [first, second] = [a.hostAddress, b.hostAddress].map((text) => text && parseAddress(text)?.text);
  return first === undefined || second === undefined || first === second;
}

const familyOf = ({ to }: PortForward): 'ipv4' | 'ipv6' => (isPlainIpv4(to.ip) ? 'ipv4' : 'ipv6');

/**
 * The element that keeps port forwards.
 *
 * @param present - the one that is there, whose prefix and attributes stay
 */
export function encodePortForwards(forwards: readonly PortForward[], present?: XmlElement): XmlElement {
  const { name, attributes } = present ?? EMPTY;
  const prefix = name.slice(0, name.indexOf(':') + 1);
  return { type: 'element', name, attributes, children: forwards.map((forward) => encodeOne(forward, prefix)) };
}

const EMPTY = { name: 'pf:portForwards', attributes: { 'xmlns:pf': PORT_FORWARD_NAMESPACE } };

function encodeOne(forward: PortForward, prefix: string): XmlElement {
  const { start, end } = hostPortsOf(forward);
  const attributes = {
    protocol: forward.protocol,
    port: start === end ? String(start) : `${start}-${end}`,
    ...(forward.hostAddress === undefined ? {} : { address: forward.hostAddress }),
    to: forward.to.ip,
    ...(forward.to.port === undefined ? {} : { toPort: String(forward.to.port) }),
  };
  return { type: 'element', name: `${prefix}forward`, attributes, children: [] };
}

/** The entries of the element: port forwards, and what is wrong with those that are none. */
export const decodePortForwards = (element: XmlElement): readonly (PortForward | string)[] =>
  element.children.flatMap((child) => (child.type === 'element' ? decodeOne(child) : []));

function decodeOne(element: XmlElement): PortForward | string {
  const { protocol = '', port = '', address, to = '', toPort } = element.attributes;
  if (!/^(?:.*:)?forward$/.test(element.name)) return `<${element.name}> is not known here`;
  const [, start, end = start] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(port) ?? [];
  if (start === undefined || textOf(element).trim() !== '')
    return `port='${port}' is neither a port nor a range of ports`;
  if (toPort !== undefined && !/^\d{1,5}$/.test(toPort)) return `toPort='${toPort}' is not a port`;
  const forward: PortForward = {
    protocol: protocol as 'tcp', // the check below looks at it
    hostPort: start === end ? Number(start) : { start: Number(start), end: Number(end) },
    ...(address === undefined ? {} : { hostAddress: address }),
    to: { ip: to, ...(toPort === undefined ? {} : { port: Number(toPort) }) },
  };
  return portForwardProblem(forward) ?? forward;
}

/** The element of a network that keeps its port forwards. */
export const portForwardElement = ({ metadata }: NetworkDocument): XmlElement | undefined =>
  metadata?.find((element) => ownNamespace(element) === PORT_FORWARD_NAMESPACE);
