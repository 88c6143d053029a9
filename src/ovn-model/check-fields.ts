import { parseAddress } from '../schema/address.js';
import type { DhcpHost, Ip } from '../schema/network/ip.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { clashes, hostPortsOf, type PortForward } from '../schema/port-forward.js';
import { portForwardsIn } from '../schema/port-forward-metadata.js';
import { isRecord } from '../schema/values.js';
import { macOfDuid } from './duid.js';
import { OVN_FIELDS, reasonFor } from './fields.js';
import { addressProblem } from './guest-addresses.js';
import { isHostName } from './option-texts.js';
import { macOfHost } from './shape.js';
import { type SubnetFacts, subnetFacts } from './subnet-facts.js';
import type { OvnUnsupportedField } from './unsupported.js';

/** Most ports of one port forward: each becomes an entry of its own. */
const MOST_PORTS = 1000;

/**
 * Finds everything that a network asks for and OVN cannot express, in the order of the document.
 *
 * @param wished - of a network of mode `nat` or `route`, or without one; without what changes nothing
 */
export function unsupportedFields(wished: NetworkDocument): readonly OvnUnsupportedField[] {
  const lacking: OvnUnsupportedField[] = [];
  for (const [name, value] of Object.entries(wished)) addLacking(lacking, value, { path: name, pattern: name });
  return [...lacking, ...lackingValues(wished)];
}

/** Where a value is. */
interface Place {
  readonly path: string;
  /** The path with the places in lists left out: `ips[].address`. */
  readonly pattern: string;
}

/** Adds the single values that OVN does not have. What other applications keep in the metadata is not looked into. */
function addLacking(lacking: OvnUnsupportedField[], value: unknown, { path, pattern }: Place): void {
  if (value === undefined || path === 'metadata') return;
  if (Array.isArray(value)) {
    const inside = `${pattern}[]`;
    for (const [i, item] of value.entries()) addLacking(lacking, item, { path: `${path}[${i}]`, pattern: inside });
  } else if (isRecord(value) && !path.endsWith('extra')) {
    for (const [name, inner] of Object.entries(value))
      addLacking(lacking, inner, { path: `${path}.${name}`, pattern: `${pattern}.${name}` });
  } else if (OVN_FIELDS[pattern] === undefined) lacking.push({ path, value, reason: reasonFor(path) });
}

/** Values that OVN cannot express of properties that it has. */
function lackingValues(document: NetworkDocument): readonly OvnUnsupportedField[] {
  return [
    ...lackingOfNat(document),
    ...lackingOfNames(document),
    ...(document.ips ?? []).flatMap((ip, i) => lackingOfSubnet(ip, `ips[${i}]`)),
    ...lackingOfForwards(document),
  ];
}

function lackingOfNat({ forward }: NetworkDocument): readonly OvnUnsupportedField[] {
  const { start, end } = forward?.nat?.address ?? {};
  if (start === end) return [];
  return [
    {
      path: 'forward.nat.address.end',
      value: end,
      reason: 'outgoing traffic has one address: make end the same as start',
    },
  ];
}

function lackingOfNames({ domain, dns }: NetworkDocument): readonly OvnUnsupportedField[] {
  const names = [
    { path: 'domain.name', value: domain?.name },
    ...(dns?.hosts ?? []).flatMap(({ hostnames }, i) =>
      hostnames.map((value, k) => ({ path: `dns.hosts[${i}].hostnames[${k}]`, value })),
    ),
  ];
  const ports = (dns?.forwarders ?? []).map(({ port }, i) => ({ path: `dns.forwarders[${i}].port`, value: port }));
  return [
    ...names
      .filter(({ value }) => value !== undefined && !isHostName(value))
      .map((one) => ({ ...one, reason: 'it is not a host name' })),
    ...ports
      .filter(({ value }) => value !== undefined && value !== 53)
      .map((one) => ({ ...one, reason: 'guests ask at port 53' })),
  ];
}

function lackingOfSubnet(given: Ip, path: string): readonly OvnUnsupportedField[] {
  const { family, dhcp } = given;
  const { ranges = [], hosts = [], bootp } = dhcp ?? {};
  const times = new Set(ranges.map(({ lease }) => `${lease?.expiry} ${lease?.unit}`));
  const [first] = ranges;
  return [
    ...(family === 'ipv6' && first !== undefined
      ? [
          {
            path: `${path}.dhcp.ranges`,
            value: ranges,
            reason: 'OVN makes IPv6 addresses of the prefix and the MAC address',
          },
        ]
      : []),
    ...(times.size > 1
      ? [
          {
            path: `${path}.dhcp.ranges`,
            value: ranges,
            reason: 'a subnet has one lease time: give all ranges the same',
          },
        ]
      : []),
    ...hosts.flatMap((host, i) => lackingOfHost(host, `${path}.dhcp.hosts[${i}]`)),
    ...hosts.flatMap(({ lease }, i) =>
      family === 'ipv6' && Number(lease?.expiry ?? 0) !== 0
        ? [{ path: `${path}.dhcp.hosts[${i}].lease`, value: lease, reason: 'IPv6 leases of OVN have no end' }]
        : [],
    ),
    ...lackingAddresses(hosts, subnetFacts(given), path),
    ...(bootp?.file !== undefined && bootp.server === undefined
      ? [{ path: `${path}.dhcp.bootp.file`, value: bootp.file, reason: 'OVN has no TFTP server: name one with server' }]
      : []),
  ];
}

/** Reservations of addresses that no guest can have, or that two have. */
function lackingAddresses(
  hosts: readonly DhcpHost[],
  subnet: SubnetFacts | undefined,
  path: string,
): readonly OvnUnsupportedField[] {
  const texts = hosts.map(({ ip }) => parseAddress(ip)?.text ?? ip);
  return texts.flatMap((text, i) => {
    const isTwice =
      texts.indexOf(text) < i &&
      macOfHost(hosts[i] ?? { ip: text }) !== macOfHost(hosts[texts.indexOf(text)] ?? { ip: text });
    const problem = subnet === undefined ? undefined : addressProblem(subnet, text);
    const reason = problem ?? (isTwice ? 'it is reserved for another guest' : undefined);
    return reason === undefined ? [] : [{ path: `${path}.dhcp.hosts[${i}].ip`, value: text, reason }];
  });
}

function lackingOfHost(host: DhcpHost, path: string): readonly OvnUnsupportedField[] {
  const { mac, id, name } = host;
  if (mac === undefined && id === undefined && name !== undefined)
    return [
      {
        path: `${path}.name`,
        value: name,
        reason: 'OVN knows a guest by the MAC address of its port, not by its name',
      },
    ];
  const isKnown = id === undefined || mac !== undefined || macOfDuid(id) !== undefined;
  return [
    ...(isKnown
      ? []
      : [
          {
            path: `${path}.id`,
            value: id,
            reason: 'OVN knows a guest by its MAC address, of which this DUID is not made',
          },
        ]),
    ...(name === undefined || isHostName(name)
      ? []
      : [{ path: `${path}.name`, value: name, reason: 'it is not a host name' }]),
  ];
}

function lackingOfForwards(document: NetworkDocument): readonly OvnUnsupportedField[] {
  const forwards = portForwardsIn(document);
  return forwards.flatMap((forward, i) => {
    const path = `portForwards[${i}]`;
    const { start, end } = hostPortsOf(forward);
    const isTaken = forwards.slice(0, i).some((other) => clashes(forAll(other), forAll(forward)));
    return [
      ...(document.forward === undefined
        ? [{ path, value: forward, reason: 'nothing from outside reaches an isolated network' }]
        : []),
      ...(isTaken ? [{ path: `${path}.from`, value: forward.from, reason: ONE_GUEST }] : []),
      ...(end - start < MOST_PORTS
        ? []
        : [{ path: `${path}.hostPort`, value: forward.hostPort, reason: `over ${MOST_PORTS} ports` }]),
    ];
  });
}

const ONE_GUEST = 'a port leads to one guest, whoever asks: forward another port, or join both sources';

const forAll = ({ from: _, ...others }: PortForward): PortForward => others;
