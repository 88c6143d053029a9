import { ownNamespace } from '../xml/namespace.js';
import { textOf, type XmlElement } from '../xml/node.js';
import type { NetworkDocument } from './network/network.js';
import { hostPortsOf, PORT_FORWARD_NAMESPACE, type PortForward, portForwardProblem } from './port-forward.js';

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
  const { protocol, hostAddress, from, to } = forward;
  const attributes = {
    protocol,
    port: start === end ? String(start) : `${start}-${end}`,
    ...(hostAddress === undefined ? {} : { address: hostAddress }),
    ...(from === undefined ? {} : { from: typeof from === 'string' ? from : from.join(' ') }),
    to: to.ip,
    ...(to.port === undefined ? {} : { toPort: String(to.port) }),
  };
  return { type: 'element', name: `${prefix}forward`, attributes, children: [] };
}

/** The entries of the element: port forwards, and what is wrong with those that are none. */
export function decodePortForwards(element: XmlElement): readonly (PortForward | string)[] {
  const stray = unknownAttribute(element, []);
  const entries = element.children.flatMap((child) => (child.type === 'element' ? decodeOne(child) : []));
  return stray === undefined ? entries : [stray, ...entries];
}

const ATTRIBUTES = ['protocol', 'port', 'address', 'from', 'to', 'toPort'];

/** An attribute that a newer release of this library or a typo made may restrict the forward: without it, all could use it. */
function unknownAttribute({ name, attributes }: XmlElement, known: readonly string[]): string | undefined {
  const unknown = Object.keys(attributes).find((key) => !known.includes(key) && !/^xmlns(?::|$)/.test(key));
  return unknown === undefined ? undefined : `attribute ${unknown} of <${name}> is unknown`;
}

/** The valid port forwards of a network's metadata. */
export function portForwardsIn(document: NetworkDocument): readonly PortForward[] {
  const element = portForwardElement(document);
  const entries = element === undefined ? [] : decodePortForwards(element);
  return entries.filter((entry) => typeof entry !== 'string');
}

function decodeOne(element: XmlElement): PortForward | string {
  const { protocol = '', port = '', address, from, to = '', toPort } = element.attributes;
  if (!/^(?:.*:)?forward$/.test(element.name)) return `<${element.name}> is not known here`;
  const stray = unknownAttribute(element, ATTRIBUTES) ?? unknownContent(element);
  if (stray !== undefined) return stray;
  const [, start, end = start] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(port) ?? [];
  if (start === undefined) return `port='${port}' is neither a port nor a range of ports`;
  if (toPort !== undefined && !/^\d{1,5}$/.test(toPort)) return `toPort='${toPort}' is not a port`;
  const forward: PortForward = {
    protocol: protocol as 'tcp', // the check below looks at it
    hostPort: start === end ? Number(start) : { start: Number(start), end: Number(end) },
    ...(address === undefined ? {} : { hostAddress: address }),
    ...(from === undefined ? {} : { from: sourcesIn(from) }),
    to: { ip: to, ...(toPort === undefined ? {} : { port: Number(toPort) }) },
  };
  return portForwardProblem(forward) ?? forward;
}

function unknownContent(element: XmlElement): string | undefined {
  const child = element.children.find((one) => one.type === 'element');
  if (child?.type === 'element') return `<${child.name}> in <${element.name}> is unknown`;
  const text = textOf(element).trim();
  return text === '' ? undefined : `<${element.name}> has the text '${text}'`;
}

function sourcesIn(text: string): string | readonly string[] {
  const sources = text.trim().split(/\s+/);
  return sources.length === 1 && sources[0] !== undefined ? sources[0] : sources;
}

/** The element of a network that keeps its port forwards. */
export const portForwardElement = ({ metadata }: NetworkDocument): XmlElement | undefined =>
  metadata?.find((element) => ownNamespace(element) === PORT_FORWARD_NAMESPACE);
