import { expectText, invalid } from '../../options/expect.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { shown } from '../../options/shown.js';
import { type Family, parseAddress } from '../../schema/address.js';
import { Conversation } from './conversation.js';
import type { End } from './network-model.js';
import { FAMILY_NAMES } from './packets.js';
import type { Flow, FlowPacket } from './topology.js';

const PACKET: OptionNames<FlowPacket> = { from: true, to: true, protocol: true, port: true, family: true, name: true };

const PROTOCOLS: ReadonlySet<string> = new Set<NonNullable<FlowPacket['protocol']>>([
  ...(['icmp', 'tcp', 'udp', 'dns', 'dns-tcp', 'dhcp', 'ra', 'tftp'] as const),
]);

/** A question with its defaults. */
export type Asked = Flow['packet'];

/**
 * Checks a question; plain JavaScript passes anything.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT` that names the property which is wrong
 */
export function packetOf(given: FlowPacket): FlowPacket {
  const packet = optionsOf(given, PACKET, 'explainFlow');
  expectText(packet.from, 'from');
  expectText(packet.to, 'to');
  if (packet.name !== undefined) expectText(packet.name, 'name');
  checkKind(packet);
  return packet;
}

/**
 * Checks which kind of packet a question is about.
 *
 * @throws `LibvirtError` code `INVALID_ARGUMENT`
 */
export function checkKind({ protocol, family, port }: Pick<FlowPacket, 'protocol' | 'family' | 'port'>): void {
  if (protocol !== undefined && !PROTOCOLS.has(protocol))
    throw invalid(
      `packets of protocol '${shown(protocol)}' cannot be followed`,
      `use one of ${[...PROTOCOLS].join(', ')}; of TCP and UDP give the port`,
    );
  if (family !== undefined && (typeof family !== 'string' || !Object.hasOwn(FAMILY_NAMES, family)))
    throw invalid(`'${shown(family)}' is not a known value of family`, "use 'ipv4' or 'ipv6'");
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
    throw invalid(`port is '${shown(port)}', not a whole number up to 65535`, 'leave it out for the default');
}

/** That of an address; nothing for a name. */
const familyOf = (end: string): Family | undefined => parseAddress(end)?.family;

/** Fills in the defaults of a question. */
export const askedOf = (packet: FlowPacket): Asked => ({
  ...packet,
  protocol: packet.protocol ?? 'icmp',
  family: packet.family ?? familyOf(packet.to) ?? familyOf(packet.from) ?? 'ipv4',
});

/** The ports of services, and of TCP and UDP where none is given. */
const PORTS: Readonly<Partial<Record<Asked['protocol'], number>>> = { dns: 53, 'dns-tcp': 53, tftp: 69 };

/** The packet of a question, before it has addresses. */
export const conversationOf = ({ protocol, family, port }: Asked): Conversation => {
  const transport = protocol === 'tcp' || protocol === 'dns-tcp' ? 'tcp' : protocol === 'icmp' ? 'icmp' : 'udp';
  const conversation = new Conversation(family, transport);
  if (transport !== 'icmp') conversation.destinationPort = port ?? PORTS[protocol] ?? 80;
  return conversation;
};

/** Who waits for an answer hears nothing, whatever becomes of it. */
export const lostOnTheWayBack = (end: End): End => ({
  ...end,
  verdict: end.verdict === 'depends' ? 'depends' : 'timeout',
  reason: `the answer does not come back: ${end.reason}`,
});

/** Tells whether an address never leaves its machine. */
export const isLoopback = (family: Family, address: bigint): boolean =>
  family === 'ipv4' ? address >> 24n === 127n : address === 1n;

/** A flow as it is returned. */
export const flowOf = (
  packet: Asked,
  { verdict, reason, rule, hook, sourceSeen }: End,
  steps: Flow['steps'],
): Flow => ({
  packet,
  verdict,
  reason,
  ...(rule === undefined ? {} : { rule }),
  ...(hook === undefined ? {} : { hook }),
  ...(sourceSeen === undefined ? {} : { sourceSeen }),
  steps,
});
