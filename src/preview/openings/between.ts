import type { PortRange } from '../../schema/port-forward.js';
import type { LostAt } from '../flow/network-model.js';
import { icmpOf } from './lost-packet.js';
import type { OpeningRule } from './opening.js';
import type { Side } from './parties.js';

/** A traffic, checked. */
export interface Wanted {
  readonly from: Side;
  readonly to: Side;
  readonly protocol?: 'tcp' | 'udp' | 'icmp';
  readonly port?: PortRange;
}

/**
 * The kind of packets to let through where one of a traffic was stopped: no more than the traffic, and its answers.
 *
 * @param devices - those that the host is known to have; a rule names no other
 * @returns nothing for frames that are stopped before the layer of IP
 */
export function ruleBetween(
  { hook, layer, packet }: LostAt,
  wanted: Wanted,
  devices: ReadonlySet<string>,
): OpeningRule | undefined {
  const { family, state } = packet;
  if (layer !== 'ip' || family === 'arp' || hook === 'ingress' || hook === 'egress') return undefined;
  const isAnswer = state === 'established' || state === 'related';
  const [source, target] = isAnswer ? [wanted.to, wanted.from] : [wanted.from, wanted.to];
  const rule: OpeningRule = {
    hook,
    family,
    ...deviceOf('in', packet.inBy, devices),
    ...deviceOf('out', packet.outBy, devices),
  };
  // Neighbours ask for each other's hardware address by ICMP.
  if (state === 'untracked' && packet.icmpType?.startsWith('nd-')) return { ...rule, ...icmpOf(packet) };
  const sides = {
    ...(source.cidr === undefined || packet.snat ? {} : { from: source.cidr }),
    ...(target.cidr === undefined ? {} : { to: target.cidr }),
  };
  if (isAnswer) return { ...rule, ...sides, ...protocolOf(wanted, family), answers: true };
  return { ...rule, ...sides, ...protocolOf(wanted, family), ...(wanted.port && { port: wanted.port }) };
}

const deviceOf = (
  property: 'in' | 'out',
  device: string | undefined,
  devices: ReadonlySet<string>,
): Partial<OpeningRule> => (device !== undefined && devices.has(device) ? { [property]: device } : {});

const protocolOf = ({ protocol }: Wanted, family: 'ipv4' | 'ipv6'): Partial<OpeningRule> =>
  protocol === undefined ? {} : { protocol: protocol === 'icmp' && family === 'ipv6' ? 'icmpv6' : protocol };
