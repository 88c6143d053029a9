import type { Family } from '../schema/address.js';
import type { PortRange } from '../schema/port-forward.js';

/** A family as OVN's expressions have it. */
export const version = (family: Family): 'ip4' | 'ip6' => (family === 'ipv4' ? 'ip4' : 'ip6');

/** Packets to ports, as an expression. */
export const portsMatch = (protocol: 'tcp' | 'udp', { start, end }: PortRange): string =>
  start === end ? `${protocol}.dst == ${start}` : `${protocol}.dst >= ${start} && ${protocol}.dst <= ${end}`;
