import { type Scalar, UINT32_MAX } from '../scalar.js';
import { type FilterNumber, type FilterPrefix, isVariable, uint32, variableOf } from './variable.js';

/** A number as libvirt reads it: decimal if it can be, else hexadecimal, with `0x` or without. */
function readNumber(text: string, max: number): number | `0x${string}` | undefined {
  const decimal = uint32(text, 10);
  if (decimal !== undefined && decimal <= max) return decimal;
  const hex = uint32(text, 16);
  return hex === undefined || hex > max ? undefined : `0x${hex.toString(16)}`;
}

/** The bounds of a number, and the names that stand for some. */
interface NumberFacts {
  /** Largest number of its size. */
  readonly max: number;
  /** Smallest number that libvirt takes. Default: 0. */
  readonly from?: number;
  /** Largest number that libvirt takes. Default: `max`. */
  readonly to?: number;
  /** Names that stand for numbers, in any case; libvirt prints the name. */
  readonly names?: Readonly<Record<string, number>>;
  /** Printed in decimal, unless it has a name. */
  readonly decimal?: boolean;
}

const numberIn = /* @__NO_SIDE_EFFECTS__ */ <T extends string = never>(
  facts: NumberFacts,
): Scalar<FilterNumber | T> => {
  const { from = 0, to = facts.max, names = {} } = facts;
  const read = (text: string) =>
    (text.startsWith('$') ? variableOf(text) : readNamed(text, facts)) as FilterNumber | T | undefined; // its own names
  const isNamed = (value: string) => /^(?:0x|\$)/i.test(value) || nameOf(value, names) !== undefined;
  return {
    label: labelOf(from, to, Object.keys(names)),
    range: [from, to],
    read,
    write: (value) => String(read(String(value)) ?? value),
    accepts: (value) =>
      typeof value === 'number'
        ? Number.isInteger(value) && value >= from && value <= to
        : typeof value === 'string' && isNamed(value) && read(value) !== undefined,
  };
};

const labelOf = (from: number, to: number, names: readonly string[]): string =>
  `number from ${from} to ${to}${names.length === 0 ? '' : `, one of ${names.join(', ')}`}, or variable`;

const nameOf = (text: string, names: Readonly<Record<string, number>>): string | undefined =>
  Object.keys(names).find((name) => name.toLowerCase() === text.toLowerCase());

function readNamed(text: string, { max, from = 0, to = max, names = {}, decimal }: NumberFacts) {
  const value = readNumber(text, max);
  if (value === undefined) return nameOf(text, names);
  const number = Number(value);
  if (number < from || number > to) return undefined;
  return Object.keys(names).find((name) => names[name] === number) ?? (decimal ? number : value);
}

/** A number of 8 bits. */
export const uint8 = /* @__PURE__ */ numberIn({ max: 0xff });
/** A number of 16 bits. */
export const uint16 = /* @__PURE__ */ numberIn({ max: 0xffff });
/** A number of 32 bits. */
export const uint32Value = /* @__PURE__ */ numberIn({ max: UINT32_MAX });
/** A class of service. */
export const dscp = /* @__PURE__ */ numberIn({ max: 0xff, to: 63 });
/** A VLAN id. */
export const vlanId = /* @__PURE__ */ numberIn({ max: 0xffff, to: 4095 });

/** Names of protocols in Ethernet frames. */
export type FrameProtocol = 'arp' | 'rarp' | 'ipv4' | 'ipv6' | 'vlan';
const FRAME_PROTOCOLS: Readonly<Record<FrameProtocol, number>> = {
  arp: 0x806,
  rarp: 0x8035,
  ipv4: 0x800,
  ipv6: 0x86dd,
  vlan: 0x8100,
};
/** The protocol in an Ethernet frame. */
export const frameProtocol = /* @__PURE__ */ numberIn<FrameProtocol>({
  max: 0xffff,
  from: 0x600,
  names: FRAME_PROTOCOLS,
});
/** The protocol in a VLAN's frame. */
export const encapsulated = /* @__PURE__ */ numberIn<FrameProtocol>({
  max: 0xffff,
  from: 0x3c,
  names: FRAME_PROTOCOLS,
});

/** Names of operations of ARP. */
export type ArpOpcode =
  | 'Request'
  | 'Reply'
  | 'Request_Reverse'
  | 'Reply_Reverse'
  | 'DRARP_Request'
  | 'DRARP_Reply'
  | 'DRARP_Error'
  | 'InARP_Request'
  | 'ARP_NAK';
const ARP_OPCODES: Readonly<Record<ArpOpcode, number>> = {
  Request: 1,
  Reply: 2,
  Request_Reverse: 3,
  Reply_Reverse: 4,
  DRARP_Request: 5,
  DRARP_Reply: 6,
  DRARP_Error: 7,
  InARP_Request: 8,
  ARP_NAK: 9,
};
/** An operation of ARP. */
export const arpOpcode = /* @__PURE__ */ numberIn<ArpOpcode>({ max: 0xffff, names: ARP_OPCODES, decimal: true });

/** Names of protocols in IP packets. */
export type PacketProtocol = 'tcp' | 'udp' | 'udplite' | 'esp' | 'ah' | 'icmp' | 'igmp' | 'sctp' | 'icmpv6';
const PACKET_PROTOCOLS: Readonly<Record<PacketProtocol, number>> = {
  tcp: 6,
  udp: 17,
  udplite: 136,
  esp: 50,
  ah: 51,
  icmp: 1,
  igmp: 2,
  sctp: 132,
  icmpv6: 58,
};
/** The protocol in an IP packet. */
export const packetProtocol = /* @__PURE__ */ numberIn<PacketProtocol>({ max: 0xff, names: PACKET_PROTOCOLS });

/**
 * A number in decimal, or a variable.
 *
 * @param other - reads text that is not a number
 */
export function decimalOrVariable(
  max: number,
  label: string,
  other?: (text: string) => number | undefined,
): Scalar<FilterPrefix> {
  const read = (text: string): FilterPrefix | undefined => {
    if (text.startsWith('$')) return variableOf(text);
    const number = uint32(text, 10);
    if (number === undefined) return other?.(text);
    return number <= max ? number : undefined;
  };
  return {
    label,
    range: [0, max],
    read,
    write: (value) => String(read(String(value)) ?? value),
    accepts: (value) =>
      typeof value === 'number' ? Number.isInteger(value) && value >= 0 && value <= max : isVariable(value),
  };
}

/** A number of connections. */
export const connections: Scalar<FilterPrefix> = /* @__PURE__ */ decimalOrVariable(
  0xffff,
  'number from 0 to 65535, or variable',
);
