import { attribute, type ElementTable, element, type FieldsOf, optional } from '../element.js';
import { type Scalar, text } from '../scalar.js';
import { ipv4Value, ipv6Value, macMask, macValue, prefix4, prefix6 } from './addresses.js';
import type {
  ArpMatch,
  FilterMatches,
  FilterProtocol,
  IcmpMatch,
  IpMatch,
  Ipv6Match,
  MacMatch,
  PacketMatch,
  PortMatch,
  StpMatch,
  TcpMatch,
  VlanMatch,
} from './matches.js';
import {
  arpOpcode,
  connections,
  dscp,
  encapsulated,
  frameProtocol,
  packetProtocol,
  uint8,
  uint16,
  uint32Value,
  vlanId,
} from './numbers.js';
import type { FilterPrefix } from './variable.js';
import { comment, ipsetFlags, ipsetName, looseTrue, matchWord, states, tcpFlags } from './words.js';

/** An attribute of a match. libvirt reads an empty one as a value. */
const value = /* @__NO_SIDE_EFFECTS__ */ <T>(name: string, scalar: Scalar<T>) =>
  optional(attribute<T>(name, scalar, { empty: 'value', invalid: 'ATTR_INVALID' }));

const negated = { match: value('match', matchWord) };
const note = { comment: value('comment', comment) };
const sender = { srcmacaddr: value('srcmacaddr', macValue) };
const senders = { ...sender, srcmacmask: value('srcmacmask', macMask) };
const frame = {
  ...negated,
  ...senders,
  dstmacaddr: value('dstmacaddr', macValue),
  dstmacmask: value('dstmacmask', macMask),
};

const addresses = (address: Scalar<string>, prefix: Scalar<FilterPrefix>) => ({
  srcipaddr: value('srcipaddr', address),
  srcipmask: value('srcipmask', prefix),
  dstipaddr: value('dstipaddr', address),
  dstipmask: value('dstipmask', prefix),
});

const ports = {
  srcportstart: value('srcportstart', uint16),
  srcportend: value('srcportend', uint16),
  dstportstart: value('dstportstart', uint16),
  dstportend: value('dstportend', uint16),
};

/** The fields of a packet of one protocol, without the note. */
const packet = (address: Scalar<string>, prefix: Scalar<FilterPrefix>) => ({
  ...negated,
  ...sender,
  ...addresses(address, prefix),
  srcipfrom: value('srcipfrom', address),
  srcipto: value('srcipto', address),
  dstipfrom: value('dstipfrom', address),
  dstipto: value('dstipto', ipv4Value),
  dscp: value('dscp', dscp),
  connlimitAbove: value('connlimit-above', connections),
  state: value('state', states),
  ipset: value('ipset', ipsetName),
  ipsetflags: value('ipsetflags', ipsetFlags),
});

const icmp = { type: value('type', uint8), code: value('code', uint8) };
const option = { option: value('option', uint8) };

const arp: FieldsOf<ArpMatch> = {
  ...frame,
  hwtype: value('hwtype', uint16),
  protocoltype: value('protocoltype', uint16),
  opcode: value('opcode', arpOpcode),
  arpsrcmacaddr: value('arpsrcmacaddr', macValue),
  arpdstmacaddr: value('arpdstmacaddr', macValue),
  arpsrcipaddr: value('arpsrcipaddr', ipv4Value),
  arpsrcipmask: value('arpsrcipmask', prefix4),
  arpdstipaddr: value('arpdstipaddr', ipv4Value),
  arpdstipmask: value('arpdstipmask', prefix4),
  gratuitous: value('gratuitous', looseTrue),
  ...note,
};

const stp: FieldsOf<StpMatch> = {
  ...negated,
  ...senders,
  type: value('type', uint8),
  flags: value('flags', uint8),
  rootPriority: value('root-priority', uint16),
  rootPriorityHi: value('root-priority-hi', uint16),
  rootAddress: value('root-address', macValue),
  rootAddressMask: value('root-address-mask', macMask),
  rootCost: value('root-cost', uint32Value),
  rootCostHi: value('root-cost-hi', uint32Value),
  senderPriority: value('sender-priority', uint16),
  senderPriorityHi: value('sender-priority-hi', uint16),
  senderAddress: value('sender-address', macValue),
  senderAddressMask: value('sender-address-mask', macMask),
  port: value('port', uint16),
  portHi: value('port-hi', uint16),
  age: value('age', uint16),
  ageHi: value('age-hi', uint16),
  maxAge: value('max-age', uint16),
  maxAgeHi: value('max-age-hi', uint16),
  helloTime: value('hello-time', uint16),
  helloTimeHi: value('hello-time-hi', uint16),
  forwardDelay: value('forward-delay', uint16),
  forwardDelayHi: value('forward-delay-hi', uint16),
  ...note,
};

const ipv6: FieldsOf<Ipv6Match> = {
  ...frame,
  ...addresses(ipv6Value, prefix6),
  protocol: value('protocol', packetProtocol),
  ...ports,
  type: value('type', uint8),
  typeend: value('typeend', uint8),
  code: value('code', uint8),
  codeend: value('codeend', uint8),
  ...note,
};

const vlan: FieldsOf<VlanMatch> = {
  ...frame,
  vlanid: value('vlanid', vlanId),
  encapProtocol: value('encap-protocol', encapsulated),
  ...note,
};

const packet4 = packet(ipv4Value, prefix4);
const packet6 = packet(ipv6Value, prefix6);
const plain4: FieldsOf<PacketMatch> = { ...packet4, ...note };
const plain6: FieldsOf<PacketMatch> = { ...packet6, ...note };
const ported4: FieldsOf<PortMatch> = { ...packet4, ...ports, ...note };
const ported6: FieldsOf<PortMatch> = { ...packet6, ...ports, ...note };

/** The tables of the protocols, each with its attributes in libvirt's order. */
export const MATCH_TABLES: { readonly [P in FilterProtocol]: ElementTable<FilterMatches[P]> } = {
  arp: element<ArpMatch>('arp', arp),
  rarp: element<ArpMatch>('rarp', arp),
  mac: element<MacMatch>('mac', { ...frame, protocolid: value('protocolid', frameProtocol), ...note }),
  vlan: element<VlanMatch>('vlan', vlan),
  stp: element<StpMatch>('stp', stp),
  ip: element<IpMatch>('ip', {
    ...frame,
    ...addresses(ipv4Value, prefix4),
    protocol: value('protocol', packetProtocol),
    ...ports,
    dscp: value('dscp', dscp),
    ...note,
  }),
  ipv6: element<Ipv6Match>('ipv6', ipv6),
  tcp: element<TcpMatch>('tcp', { ...packet4, ...ports, ...option, flags: value('flags', tcpFlags), ...note }),
  udp: element<PortMatch>('udp', ported4),
  udplite: element<PacketMatch>('udplite', plain4),
  esp: element<PacketMatch>('esp', plain4),
  ah: element<PacketMatch>('ah', plain4),
  sctp: element<PortMatch>('sctp', ported4),
  icmp: element<IcmpMatch>('icmp', { ...packet4, ...icmp, ...note }),
  all: element<PacketMatch>('all', plain4),
  igmp: element<PacketMatch>('igmp', plain4),
  'tcp-ipv6': element<TcpMatch>('tcp-ipv6', { ...packet6, ...ports, ...option, flags: value('flags', text), ...note }),
  'udp-ipv6': element<PortMatch>('udp-ipv6', ported6),
  'udplite-ipv6': element<PacketMatch>('udplite-ipv6', plain6),
  'esp-ipv6': element<PacketMatch>('esp-ipv6', plain6),
  'ah-ipv6': element<PacketMatch>('ah-ipv6', plain6),
  'sctp-ipv6': element<PortMatch>('sctp-ipv6', ported6),
  icmpv6: element<IcmpMatch>('icmpv6', { ...packet6, ...icmp, ...note }),
  'all-ipv6': element<PacketMatch>('all-ipv6', plain6),
};

/** Every protocol. */
export const FILTER_PROTOCOLS = Object.keys(MATCH_TABLES) as readonly FilterProtocol[]; // the keys of the table above
