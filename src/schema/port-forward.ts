import { type OptionNames, optionsOf, readable } from '../options/options.js';
import {
  type Address,
  bitsOf,
  type Family,
  isPlainIpv4,
  networkAddress,
  parseAddress,
  parseCidr,
  sameSubnet,
} from './address.js';
import { compact } from './values.js';

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
  /**
   * Who may use it: an address or a CIDR such as `203.0.113.0/24`, or several, of the guest's family. Packets from elsewhere
   * are not forwarded, not even those of the host or of other guests. Default: everybody.
   */
  readonly from?: string | readonly string[];
  /** The guest. */
  readonly to: {
    /** Its address, IPv4 or IPv6: best a reserved one. */
    readonly ip: string;
    /** Its port; for a range of ports the first of its. Default: the same as the host's. */
    readonly port?: number;
  };
}

const FORWARD: OptionNames<PortForward> = { protocol: true, hostPort: true, hostAddress: true, from: true, to: true };
const RANGE: OptionNames<PortRange> = { start: true, end: true };
const TARGET: OptionNames<PortForward['to']> = { ip: true, port: true };

/**
 * A copy of a port forward, read once.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for an unknown property in any of its parts
 */
export function plainPortForward(given: PortForward): PortForward {
  const { hostPort, from, to, ...others } = optionsOf(given, FORWARD, 'forwardPort');
  const isRange = typeof hostPort === 'object' && hostPort !== null;
  return compact({
    ...others,
    hostPort: isRange ? optionsOf(hostPort, RANGE, 'hostPort of forwardPort') : hostPort,
    from: Array.isArray(from) ? readable('forwardPort', () => Array.from<string>(from)) : from,
    to: optionsOf(to, TARGET, 'to of forwardPort'),
  });
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

/** The sources that may use a port forward, in CIDR form; none for everybody. Sources inside others are left out. */
export function sourcesOf({ from }: PortForward): readonly string[] {
  const sources = listOf(from).flatMap((text) => sourceOf(text) ?? []);
  const whole = sources.filter(
    (one, i) => !sources.some((other, k) => contains(other, one) && (k < i || !contains(one, other))),
  );
  return whole.map(({ address, prefix }) => `${networkAddress(address, prefix).text}/${prefix}`);
}

interface Source {
  readonly address: Address;
  readonly prefix: number;
}

const contains = (outer: Source, inner: Source): boolean =>
  outer.prefix <= inner.prefix && sameSubnet(outer.address, inner.address, outer.prefix);

const listOf = (from: PortForward['from']): readonly unknown[] =>
  from === undefined ? [] : Array.isArray(from) ? from : [from];

function sourceOf(text: unknown): Source | undefined {
  if (typeof text !== 'string') return undefined;
  if (text.includes('/')) return parseCidr(text);
  const address = parseAddress(text);
  return address && { address, prefix: bitsOf(address.family) };
}

/** Describes the problem of a port forward by itself; returns nothing for a valid one. */
export function portForwardProblem(forward: PortForward): string | undefined {
  const { protocol, to } = forward;
  if (protocol !== 'tcp' && protocol !== 'udp') return `the protocol must be tcp or udp, not ${String(protocol)}`;
  const target = typeof to?.ip === 'string' ? parseAddress(to.ip) : undefined;
  if (target === undefined) return `the guest's address '${String(to?.ip)}' is not an IP address`;
  const wrong = hostAddressProblem(forward, target) ?? sourceProblem(forward, target.family);
  if (wrong !== undefined) return wrong;
  if (!isRange(hostPortsOf(forward)))
    return 'the ports of the host must be whole numbers from 1 to 65535, the lower first';
  return isRange(guestPortsOf(forward)) ? undefined : 'the ports of the guest must be whole numbers from 1 to 65535';
}

function hostAddressProblem({ hostAddress }: PortForward, target: Address): string | undefined {
  if (hostAddress === undefined) return undefined;
  const own = typeof hostAddress === 'string' ? parseAddress(hostAddress) : undefined;
  if (own === undefined) return `the host's address '${String(hostAddress)}' is not an IP address`;
  if (own.family !== target.family) return `${own.text} and ${target.text} are of different families`;
  return NOT_OF_HOSTS.some(({ address, prefix }) => address.family === own.family && sameSubnet(address, own, prefix))
    ? `no card of the host has '${own.text}'`
    : undefined;
}

/** No address, loopback, multicast and what is above it: packets to these never come from another host, or to one host alone. */
const NOT_OF_HOSTS = /* @__PURE__ */ ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3', '::/127', 'ff00::/8'].flatMap(
  (cidr) => parseCidr(cidr) ?? [],
);

function sourceProblem({ from }: PortForward, family: Family): string | undefined {
  if (from === undefined) return undefined;
  const sources = listOf(from);
  if (sources.length === 0) return 'from is empty: leave it out to allow everybody';
  for (const one of sources) {
    const source = sourceOf(one);
    if (source === undefined) return `from='${String(one)}' is neither an IP address nor a CIDR`;
    if (source.address.family !== family) return `from='${String(one)}' and the guest are of different families`;
  }
  return undefined;
}

const isPort = (port: unknown): boolean => Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65535;
const isRange = (range: PortRange | undefined): boolean =>
  isPort(range?.start) && isPort(range?.end) && Number(range?.start) <= Number(range?.end);

/** Tells whether two forwards want the same packets: the same port of the same address, from the same source. */
export function clashes(a: PortForward, b: PortForward): boolean {
  const [x, y] = [hostPortsOf(a), hostPortsOf(b)];
  if (a.protocol !== b.protocol || x.end < y.start || y.end < x.start) return false;
  if (familyOf(a) !== familyOf(b) || !shareSource(a, b)) return false;
  const [first, second] = [a.hostAddress, b.hostAddress].map((text) => text && parseAddress(text)?.text);
  return first === undefined || second === undefined || first === second;
}

/** A port forward and another one that wants the same packets. */
export interface PortForwardClash {
  readonly forward: PortForward;
  readonly other: PortForward;
}

/** The pairs of forwards of two lists that want the same packets. */
export const clashesBetween = (
  forwards: readonly PortForward[],
  others: readonly PortForward[],
): readonly PortForwardClash[] =>
  forwards.flatMap((forward) => others.filter((other) => clashes(forward, other)).map((other) => ({ forward, other })));

/** The ports of the host that a forward is about, such as `tcp 8080` or `udp 9000-9003`. */
export const portsText = (forward: PortForward): string => {
  const { start, end } = hostPortsOf(forward);
  return `${forward.protocol} ${start === end ? start : `${start}-${end}`}`;
};

function shareSource(a: PortForward, b: PortForward): boolean {
  if (a.from === undefined || b.from === undefined) return true;
  const theirs = listOf(b.from).flatMap((text) => sourceOf(text) ?? []);
  const mine = listOf(a.from).flatMap((text) => sourceOf(text) ?? []);
  return mine.some((one) => theirs.some((other) => contains(one, other) || contains(other, one)));
}

const familyOf = ({ to }: PortForward): Family => (isPlainIpv4(to.ip) ? 'ipv4' : 'ipv6');
