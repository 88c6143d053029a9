import type { Family } from '../schema/address.js';
import { compact } from '../schema/values.js';
import { type Fields, numberAt, textAt } from './json-fields.js';
import { readIpJson } from './read-ip-json.js';

/** A rule that chooses the routing table for packets. */
export interface RoutingRule {
  readonly family: Family;
  /** Rules are asked in ascending order. */
  readonly priority: number;
  /** True for a rule about the packets that it does not describe. */
  readonly not: boolean;
  /** The subnet of the sender, in CIDR form. */
  readonly from?: string;
  /** The subnet of the receiver, in CIDR form. */
  readonly to?: string;
  /** The device that packets come in by; `lo` for the host's own. */
  readonly inBy?: string;
  /** The device that a program has chosen. */
  readonly outBy?: string;
  /** The mark of the packet, as a number, and the bits of it that count. */
  readonly mark?: { readonly value: number; readonly mask: number };
  /** Name or number of the table. */
  readonly table?: string;
  /** What becomes of the packets in place of a table: `prohibit`, `unreachable`, `blackhole`. */
  readonly action?: string;
  /** Routes whose prefix is as long as this, or shorter, do not count. */
  readonly suppressPrefixLength?: number;
}

/**
 * Reads the routing rules of one family.
 *
 * @param family - of `ip -j -4 rule show` or `ip -j -6 rule show`
 * @param source - its output
 * @param host - names the host in messages
 * @throws {@link TransportError} code `UNEXPECTED_REPLY` for text that is not JSON
 */
export const readRoutingRules = (family: Family, source: string, host: string): readonly RoutingRule[] =>
  readIpJson(source, host).map((fields) => readRule(family, fields));

const readRule = (family: Family, fields: Fields): RoutingRule =>
  compact({
    family,
    priority: numberAt(fields, 'priority') ?? 0,
    not: 'not' in fields,
    from: subnetAt(family, fields, 'src'),
    to: subnetAt(family, fields, 'dst'),
    inBy: textAt(fields, 'iif'),
    outBy: textAt(fields, 'oif'),
    mark: readMark(fields),
    table: textAt(fields, 'table'),
    action: textAt(fields, 'action'),
    suppressPrefixLength: numberAt(fields, 'suppress_prefixlen'),
  });

function subnetAt(family: Family, fields: Fields, name: 'src' | 'dst'): string | undefined {
  const address = textAt(fields, name);
  if (address === undefined || address === 'all') return undefined;
  return `${address}/${numberAt(fields, `${name}len`) ?? (family === 'ipv4' ? 32 : 128)}`;
}

function readMark(fields: Fields): RoutingRule['mark'] {
  const value = textAt(fields, 'fwmark');
  if (value === undefined) return undefined;
  return { value: Number(value), mask: Number(textAt(fields, 'fwmask') ?? 0xffffffff) };
}
