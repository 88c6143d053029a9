import { attribute, type ElementTable, type Extra, element, many, optional } from '../element.js';
import { ip, oneOf, text, yesNo } from '../scalar.js';
import { NUMBER, WORD } from './card.js';
import { looseFamily, positive, uint32 } from './scalars.js';

/** An address of the guest, or in the source of type `ethernet` of the host's end; since libvirt 1.2.12. */
export interface NicIp {
  readonly address: string;
  /** Default: `ipv4`; IPv6 addresses must say so. */
  readonly family?: 'ipv4' | 'ipv6';
  /** Bits of the network. */
  readonly prefix?: number;
  /** Address of the other end of a point-to-point link; since 2.1.0. */
  readonly peer?: string;
  readonly extra?: Extra;
}
export const nicIpTable: ElementTable<NicIp> = element('ip', {
  address: attribute('address', ip, { empty: 'value', invalid: 'ATTR_INVALID' }),
  family: optional(attribute('family', looseFamily)),
  prefix: optional(attribute('prefix', uint32, { invalid: 'ATTR_INVALID' })),
  peer: optional(attribute('peer', ip, { empty: 'value', invalid: 'ATTR_INVALID' })),
});

/** Ports of the host that lead to the guest. */
export interface NicPortRange {
  /** First port. */
  readonly start?: number;
  /** Last port. Default: the first. */
  readonly end?: number;
  /** First port of the guest. Default: the same. */
  readonly to?: number;
  /** True if these ports are left out. */
  readonly exclude?: boolean;
  readonly extra?: Extra;
}
export const nicPortRangeTable: ElementTable<NicPortRange> = element('range', {
  start: optional(attribute('start', positive, NUMBER)),
  end: optional(attribute('end', positive, NUMBER)),
  to: optional(attribute('to', positive, NUMBER)),
  exclude: optional(attribute('exclude', yesNo, WORD)),
});

/** Ports of the host that passt forwards to the guest; since libvirt 9.0.0. */
export interface NicPortForward {
  readonly proto: 'tcp' | 'udp';
  /** Address of the host. Default: all; since 9.5.0. */
  readonly address?: string;
  /** Device of the host. Default: all. */
  readonly dev?: string;
  /** Default: all ports. */
  readonly ranges?: readonly NicPortRange[];
  readonly extra?: Extra;
}
export const nicPortForwardTable: ElementTable<NicPortForward> = element('portForward', {
  proto: attribute('proto', oneOf('tcp', 'udp'), WORD),
  address: optional(attribute('address', ip, { empty: 'value', invalid: 'ATTR_INVALID' })),
  dev: optional(attribute('dev', text)),
  ranges: optional(many(nicPortRangeTable)),
});
