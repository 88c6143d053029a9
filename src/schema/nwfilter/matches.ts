import type { Extra } from '../element.js';
import type { ArpOpcode, FrameProtocol, PacketProtocol } from './numbers.js';
import type { FilterNumber, FilterPrefix, FilterVariable } from './variable.js';

/** Properties of every kind of match. */
export interface AnyMatch {
  /** `false` turns the other properties around: the rule is for packets that do not have these values. Default: true. */
  readonly match?: boolean;
  /** A note of at most 256 bytes, which ebtables and iptables show beside the rule. */
  readonly comment?: string;
  readonly extra?: Extra;
}

/** Sender and receiver of a frame. */
export interface FrameMatch extends AnyMatch {
  /** MAC address of the sender. */
  readonly srcmacaddr?: string;
  /** Bits of {@link FrameMatch.srcmacaddr} that count, as a MAC address. */
  readonly srcmacmask?: string;
  /** MAC address of the receiver. */
  readonly dstmacaddr?: string;
  /** Bits of {@link FrameMatch.dstmacaddr} that count, as a MAC address. */
  readonly dstmacmask?: string;
}

/** `<mac>`: frames of any protocol. */
export interface MacMatch extends FrameMatch {
  /** The protocol in the frame: 1536 (0x600) to 65535, or a name. */
  readonly protocolid?: FilterNumber | FrameProtocol;
}

/** `<vlan>`: frames with an 802.1Q tag. */
export interface VlanMatch extends FrameMatch {
  /** VLAN id, 0 to 4095. */
  readonly vlanid?: FilterNumber;
  /** The protocol in the tagged frame: 60 (0x3c) to 65535, or a name. */
  readonly encapProtocol?: FilterNumber | FrameProtocol;
}

/** `<stp>`: messages of the spanning tree protocol. Each property with `Hi` is the end of a range. */
export interface StpMatch extends AnyMatch {
  /** MAC address of the sender. */
  readonly srcmacaddr?: string;
  /** Bits of {@link StpMatch.srcmacaddr} that count. */
  readonly srcmacmask?: string;
  /** Type of the message. */
  readonly type?: FilterNumber;
  /** Flags of the message. */
  readonly flags?: FilterNumber;
  /** Priority of the root bridge. */
  readonly rootPriority?: FilterNumber;
  readonly rootPriorityHi?: FilterNumber;
  /** MAC address of the root bridge. */
  readonly rootAddress?: string;
  /** Bits of {@link StpMatch.rootAddress} that count. */
  readonly rootAddressMask?: string;
  /** Cost of the way to the root bridge. */
  readonly rootCost?: FilterNumber;
  readonly rootCostHi?: FilterNumber;
  /** Priority of the bridge that sends. */
  readonly senderPriority?: FilterNumber;
  readonly senderPriorityHi?: FilterNumber;
  /** MAC address of the bridge that sends. */
  readonly senderAddress?: string;
  /** Bits of {@link StpMatch.senderAddress} that count. */
  readonly senderAddressMask?: string;
  /** Number of the port. */
  readonly port?: FilterNumber;
  readonly portHi?: FilterNumber;
  /** Age of the message, in units of 1/256 s. */
  readonly age?: FilterNumber;
  readonly ageHi?: FilterNumber;
  /** Age at which a message is too old, in units of 1/256 s. */
  readonly maxAge?: FilterNumber;
  readonly maxAgeHi?: FilterNumber;
  /** Time between messages, in units of 1/256 s. */
  readonly helloTime?: FilterNumber;
  readonly helloTimeHi?: FilterNumber;
  /** Delay before a port forwards, in units of 1/256 s. */
  readonly forwardDelay?: FilterNumber;
  readonly forwardDelayHi?: FilterNumber;
}

/** `<arp>` and `<rarp>`: who has an address. */
export interface ArpMatch extends FrameMatch {
  /** Kind of hardware. */
  readonly hwtype?: FilterNumber;
  /** Kind of address that is looked for. */
  readonly protocoltype?: FilterNumber;
  /** The operation, as a number or by its name. */
  readonly opcode?: FilterNumber | ArpOpcode;
  /** MAC address that the sender says it has. */
  readonly arpsrcmacaddr?: string;
  /** MAC address of the target. */
  readonly arpdstmacaddr?: string;
  /** IPv4 address that the sender says it has. */
  readonly arpsrcipaddr?: string;
  /** Prefix of {@link ArpMatch.arpsrcipaddr}, 0 to 32. */
  readonly arpsrcipmask?: FilterPrefix;
  /** IPv4 address that is looked for. */
  readonly arpdstipaddr?: string;
  /** Prefix of {@link ArpMatch.arpdstipaddr}, 0 to 32. */
  readonly arpdstipmask?: FilterPrefix;
  /** Announcements of an own address. */
  readonly gratuitous?: boolean | FilterVariable;
}

/** Addresses of a packet. */
export interface AddressMatch {
  /** Address of the sender. */
  readonly srcipaddr?: string;
  /** Prefix of the sender's subnet. */
  readonly srcipmask?: FilterPrefix;
  /** Address of the receiver. */
  readonly dstipaddr?: string;
  /** Prefix of the receiver's subnet. */
  readonly dstipmask?: FilterPrefix;
}

/** Ports of a packet, 0 to 65535. A start without an end is one port. */
export interface PortRangeMatch {
  /** First port of the sender. */
  readonly srcportstart?: FilterNumber;
  /** Last port of the sender. */
  readonly srcportend?: FilterNumber;
  /** First port of the receiver. */
  readonly dstportstart?: FilterNumber;
  /** Last port of the receiver. */
  readonly dstportend?: FilterNumber;
}

/** `<ip>`: IPv4 packets, looked at by ebtables, which knows no connections. */
export interface IpMatch extends FrameMatch, AddressMatch, PortRangeMatch {
  /** The protocol in the packet, as a number or by its name. Ports need one that has ports. */
  readonly protocol?: FilterNumber | PacketProtocol;
  /** Class of service, 0 to 63. */
  readonly dscp?: FilterNumber;
}

/** `<ipv6>`: IPv6 packets, looked at by ebtables, which knows no connections. */
export interface Ipv6Match extends FrameMatch, AddressMatch, PortRangeMatch {
  /** The protocol in the packet, as a number or by its name. Ports need one that has ports. */
  readonly protocol?: FilterNumber | PacketProtocol;
  /** First ICMPv6 type. */
  readonly type?: FilterNumber;
  /** Last ICMPv6 type. */
  readonly typeend?: FilterNumber;
  /** First ICMPv6 code. */
  readonly code?: FilterNumber;
  /** Last ICMPv6 code. */
  readonly codeend?: FilterNumber;
}

/** Packets of one protocol, looked at by iptables or ip6tables, which know connections. */
export interface PacketMatch extends AnyMatch, AddressMatch {
  /** MAC address of the sender. */
  readonly srcmacaddr?: string;
  /** First address of a range of senders. */
  readonly srcipfrom?: string;
  /** Last address of that range. */
  readonly srcipto?: string;
  /** First address of a range of receivers. */
  readonly dstipfrom?: string;
  /** Last address of that range. libvirt takes an IPv4 address here even for IPv6. */
  readonly dstipto?: string;
  /** Class of service, 0 to 63. */
  readonly dscp?: FilterNumber;
  /** The rule is for connections beyond this number, 0 to 65535. */
  readonly connlimitAbove?: FilterPrefix;
  /** States of a connection with commas between them: `NEW`, `ESTABLISHED`, `RELATED`, `INVALID`, or `NONE` alone. */
  readonly state?: string;
  /** Name of a set of addresses that the host has. Kept by libvirt for `all` and `all-ipv6` only. */
  readonly ipset?: string;
  /** What is looked up in the set: up to six of `src` and `dst`, with commas between them. */
  readonly ipsetflags?: string;
}

/** `<udp>`, `<sctp>` and the same over IPv6. */
export interface PortMatch extends PacketMatch, PortRangeMatch {}

/** `<tcp>` and `<tcp-ipv6>`. */
export interface TcpMatch extends PortMatch {
  /** A TCP option. */
  readonly option?: FilterNumber;
  /**
   * Flags to look at and those of them that are set, such as `SYN,ACK/SYN`; `ALL` and `NONE` are words as well. libvirt drops
   * them of `tcp-ipv6`.
   */
  readonly flags?: string;
}

/** `<icmp>` and `<icmpv6>`. */
export interface IcmpMatch extends PacketMatch {
  /** Type of the message. */
  readonly type?: FilterNumber;
  /** Code of the message. */
  readonly code?: FilterNumber;
}

/** The match of each protocol. */
export interface FilterMatches {
  readonly arp: ArpMatch;
  readonly rarp: ArpMatch;
  readonly mac: MacMatch;
  readonly vlan: VlanMatch;
  readonly stp: StpMatch;
  readonly ip: IpMatch;
  readonly ipv6: Ipv6Match;
  readonly tcp: TcpMatch;
  readonly udp: PortMatch;
  readonly udplite: PacketMatch;
  readonly esp: PacketMatch;
  readonly ah: PacketMatch;
  readonly sctp: PortMatch;
  readonly icmp: IcmpMatch;
  readonly all: PacketMatch;
  readonly igmp: PacketMatch;
  readonly 'tcp-ipv6': TcpMatch;
  readonly 'udp-ipv6': PortMatch;
  readonly 'udplite-ipv6': PacketMatch;
  readonly 'esp-ipv6': PacketMatch;
  readonly 'ah-ipv6': PacketMatch;
  readonly 'sctp-ipv6': PortMatch;
  readonly icmpv6: IcmpMatch;
  readonly 'all-ipv6': PacketMatch;
}

/** A protocol that rules of filters can be about. */
export type FilterProtocol = keyof FilterMatches;
