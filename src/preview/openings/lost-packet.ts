import { addressOf, bitsOf } from '../../schema/address.js';
import { guestPortsOf, hostPortsOf, type PortForward } from '../../schema/port-forward.js';
import type { Need } from '../firewall-check/needs.js';
import type { LostAt } from '../flow/network-model.js';
import { type PreviewNetwork, subnetsOf } from '../network.js';
import type { OpeningRule } from './opening.js';

/** What a packet is about that a filter has stopped. */
export interface Asked {
  readonly need: Need;
  readonly forward?: PortForward | undefined;
  readonly network: PreviewNetwork;
  /** The devices that the host has, as far as is known. */
  readonly devices: ReadonlySet<string>;
}

type Conditions = Partial<OpeningRule>;

/** Needs of packets of every kind, not those of one service alone. */
const WIDE: ReadonlySet<Need> = new Set<Need>(['out', 'answers', 'in']);

/**
 * The kind of packets to let through where one was stopped: as few as its need allows.
 *
 * @returns nothing for frames that are stopped before the layer of IP
 */
export function ruleForLost({ hook, layer, packet }: LostAt, asked: Asked): OpeningRule | undefined {
  const { family } = packet;
  if (layer !== 'ip' || family === 'arp' || hook === 'ingress' || hook === 'egress') return undefined;
  // Nothing translates it: it would be for the host itself.
  if (asked.forward !== undefined && hook === 'input' && packet.icmpType === undefined) return undefined;
  const rule = { hook, family, ...devicesOf(packet, asked) };
  if (packet.icmpType !== undefined && packet.state !== 'established') return { ...rule, ...icmpOf(packet) };
  const answers = packet.state === 'established' || packet.state === 'related' ? ({ answers: true } as const) : {};
  if (WIDE.has(asked.need)) return { ...rule, ...answers };
  if (asked.forward !== undefined) return { ...rule, ...forwardOf(packet, asked.forward), ...answers };
  const protocol = packet.protocol === 'arp' ? {} : { protocol: packet.protocol };
  return { ...rule, ...protocol, ...answers, ...(answers.answers ? {} : portsOf(packet, hook, asked)) };
}

type Packet = LostAt['packet'];

/** The bridge says enough; other devices count where it is not on the way. */
function devicesOf({ inBy, outBy }: Packet, { network: { bridge }, devices }: Asked): Conditions {
  const known = (device: string | undefined): string | undefined =>
    device !== undefined && devices.has(device) ? device : undefined;
  const [source, target] = [known(inBy), known(outBy)];
  if (source === bridge) return { in: bridge, ...(target === bridge ? { out: bridge } : {}) };
  if (target === bridge) return { out: bridge };
  return { ...(source === undefined ? {} : { in: source }), ...(target === undefined ? {} : { out: target }) };
}

export const icmpOf = ({ protocol, icmpType }: Packet): Conditions =>
  (protocol === 'icmp' || protocol === 'icmpv6') && icmpType !== undefined ? { protocol, icmpType } : {};

const single = (port: number): { readonly start: number; readonly end: number } => ({ start: port, end: port });

/** The ports of a service; packets of any port are those to the guests of the network alone. */
function portsOf({ sourcePort, destinationPort, family, destination }: Packet, hook: string, asked: Asked): Conditions {
  if (destinationPort === undefined) {
    if (family === 'arp') return {};
    const subnet = subnetsOf(asked.network, family).find((one) =>
      one.subnet.contains(addressOf(family, destination).text),
    );
    return subnet === undefined ? {} : { to: subnet.subnet.cidr };
  }
  const isAnswer = hook !== 'input' && hook !== 'prerouting' && sourcePort !== undefined;
  return { ...(isAnswer ? { sourcePort: single(sourcePort) } : {}), port: single(destinationPort) };
}

/** A port forward is to a guest and its ports, once its receiver is translated. */
function forwardOf({ family, state, dnat, destination, source }: Packet, forward: PortForward): Conditions {
  const { protocol } = forward;
  if (family === 'arp') return {};
  const host = (value: bigint): string => `${addressOf(family, value).text}/${bitsOf(family)}`;
  if (state === 'established') return { protocol, from: host(source), sourcePort: guestPortsOf(forward) };
  if (!dnat) return { protocol, port: hostPortsOf(forward) };
  return { protocol, to: host(destination), port: guestPortsOf(forward), forwarded: true };
}
