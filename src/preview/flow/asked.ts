import { LibvirtError } from '../../errors/index.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import type { Family } from '../../schema/address.js';
import { Conversation } from './conversation.js';
import type { End } from './network-model.js';
import type { Flow, FlowPacket } from './topology.js';

const PACKET: OptionNames<FlowPacket> = { from: true, to: true, protocol: true, port: true, family: true, name: true };

const PROTOCOLS: ReadonlySet<string> = new Set<NonNullable<FlowPacket['protocol']>>([
  ...(['icmp', 'tcp', 'udp', 'dns', 'dns-tcp', 'dhcp', 'ra', 'tftp'] as const),
]);

/** A question with its defaults. */
export type Asked = Flow['packet'];

/** @throws {@link LibvirtError} code `INVALID_ARGUMENT` for an unknown option */
export const packetOf = (packet: FlowPacket): FlowPacket => optionsOf(packet, PACKET, 'explainFlow');

/**
 * Fills in the defaults of a question.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for a protocol that is not known
 */
export function askedOf(packet: FlowPacket): Asked {
  if (packet.protocol !== undefined && !PROTOCOLS.has(packet.protocol))
    throw new LibvirtError('INVALID_ARGUMENT', `packets of protocol '${String(packet.protocol)}' cannot be followed`, {
      hint: `use one of ${[...PROTOCOLS].join(', ')}; of TCP and UDP give the port`,
    });
  return { ...packet, protocol: packet.protocol ?? 'icmp', family: packet.family ?? 'ipv4' };
}

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
