import type { BondMode } from '../schema/interface.js';

export type { BondMode } from '../schema/interface.js';

/** VLANs of one port: one id, or a range of ids. */
export interface VlanMember {
  /** VLAN id, 1 to 4094, or both ends of a range. */
  readonly id: number | { readonly from: number; readonly to: number };
  /** Frames that arrive without a tag belong to this VLAN. One id only, at most one of a port. Default: false. */
  readonly pvid?: boolean;
  /** Frames of this VLAN leave the port without a tag. Default: false. */
  readonly untagged?: boolean;
}

/** Options of a bridge port. */
export interface BridgePortOptions {
  /** Spanning tree's cost of the way through this port, 1 to 65535. Default: the kernel's, by the link's speed. */
  readonly pathCost?: number;
  /** Spanning tree's priority of this port, 0 to 63; the lower one wins. Default: the kernel's 32. */
  readonly priority?: number;
  /** True if frames may leave through the port they came in by. Default: false. */
  readonly hairpin?: boolean;
  /** Isolated ports cannot talk to each other. Default: false. */
  readonly isolated?: boolean;
  /** VLANs of the port; needs {@link HostBridgeDocument.vlanFiltering}. */
  readonly vlans?: readonly VlanMember[];
}

/** A network card, or any device that is there without our doing. */
export interface NicPort {
  readonly type: 'nic';
  /** Device name such as `eno1`. */
  readonly name: string;
  /** Largest packet in bytes. Default: that of the bridge where it has one, else as it is. */
  readonly mtu?: number;
}

/** How often LACP packets are asked for. */
export type LacpRate = 'slow' | 'fast';

/** What a bond's choice of a card goes by: MAC addresses, IP addresses, ports, also inside of tunnels. */
export type TransmitHashPolicy = 'layer2' | 'layer2+3' | 'layer3+4' | 'encap2+3' | 'encap3+4' | 'vlan+srcmac';

/** Several network cards that act as one. */
export interface BondPort {
  readonly type: 'bond';
  /** Device name such as `bond0`. */
  readonly name: string;
  /** Names of the network cards in it, at least one. */
  readonly devices: readonly string[];
  /** How traffic is spread. */
  readonly mode: BondMode;
  /** Seconds between two looks at the links, in steps of 0.001. Default: the kernel's, which is never. */
  readonly monitorInterval?: number;
  /** How often the switch is asked to send LACP packets: every 30 seconds, or every second. `802.3ad` only. Default: `slow`. */
  readonly lacpRate?: LacpRate;
  /** What the choice of the card for a packet goes by. Default: the kernel's `layer2`. */
  readonly transmitHashPolicy?: TransmitHashPolicy;
  /** The card that is used as long as it has a link. `active-backup`, `balance-tlb` and `balance-alb` only. */
  readonly primary?: string;
  /** Largest packet in bytes, of the bond and of the cards in it. Default: as for a card. */
  readonly mtu?: number;
}

/** A VLAN of a card or a bond, as a device of its own: for bridges that carry a single VLAN. */
export interface VlanPort {
  readonly type: 'vlan';
  /** Device name such as `bond0.20`. */
  readonly name: string;
  /** VLAN id, 1 to 4094. */
  readonly id: number;
  /** Parent device of the VLAN. */
  readonly parent: NicPort | BondPort;
  /** Largest packet in bytes. Default: as for a card. */
  readonly mtu?: number;
}

/**
 * A VXLAN: carries the frames of the bridge to bridges of other hosts, in UDP packets. With several remotes each host names
 * all others. It adds 50 bytes to a packet, 70 over IPv6: guests need an MTU that leaves room for them.
 */
export interface VxlanPort {
  readonly type: 'vxlan';
  /** Device name such as `vxlan42`. */
  readonly name: string;
  /** VXLAN network identifier (VNI), 0 to 16777215; the same on all hosts. */
  readonly id: number;
  /** Address of this host that packets are sent from. Default: the one of the route to the other hosts. */
  readonly local?: string;
  /** Addresses of the other hosts: each gets a copy of what goes to all. In place of {@link VxlanPort.group}. */
  readonly remotes?: readonly string[];
  /** Multicast address that reaches the other hosts. Needs {@link VxlanPort.device}. */
  readonly group?: string;
  /** Device that packets are sent through. Default: the one of the route. */
  readonly device?: string;
  /** UDP port, 1 to 65535; the same on all hosts. Default: 4789. */
  readonly port?: number;
  /** False if MAC addresses are not learned from the packets that come in. Default: true. */
  readonly learning?: boolean;
  /**
   * Largest packet in bytes. Default: that of the bridge where it has one, else 1450, or 1430 over IPv6, which fits into
   * packets of 1500 bytes.
   */
  readonly mtu?: number;
}

/** A device that can be a port. */
export type PortDevice = NicPort | BondPort | VlanPort | VxlanPort;

/** A port of a bridge: a device and its bridge options. */
export type BridgePort = PortDevice & BridgePortOptions;

/** The spanning tree, which keeps bridges from forming loops. Times are in seconds, in steps of 0.01. */
export interface SpanningTree {
  /** With the spanning tree on, a new port is silent for two forward delays: 30 seconds by default. */
  readonly enabled: boolean;
  /** Seconds that a port listens, and then learns, before it forwards; 2 to 30. Default: the kernel's 15. */
  readonly forwardDelay?: number;
  /** Seconds between two hello packets, 1 to 10. Default: the kernel's 2. */
  readonly helloTime?: number;
  /** Seconds after which a silent root is given up, 6 to 40. Default: the kernel's 20. */
  readonly maxAge?: number;
  /** The bridge with the lowest priority becomes the root, 0 to 65535. Default: the kernel's 32768. */
  readonly priority?: number;
}

/** Filtering of VLANs by the bridge itself. */
export interface VlanFiltering {
  /** VLAN of frames without a tag at ports that say nothing else, 1 to 4094; 0 for none. Default: the kernel's 1. */
  readonly defaultPvid?: number;
  /** VLANs of the host's own place on the bridge. */
  readonly vlans?: readonly VlanMember[];
}

/** What of the answers of DHCP servers and routers is taken otherwise than the system does by itself. Needs `auto`. */
export interface AutoOverrides {
  /** Metric of the routes that come by themselves; the lower one wins, 0 to 4294967295. Default: the system's. */
  readonly routeMetric?: number;
  /** False if name servers that come by themselves are not used. Default: true. */
  readonly useDns?: boolean;
}

/** Where the host's IPv4 addresses on the bridge come from. Nothing at all: it has none. */
export interface Ipv4Setup extends AutoOverrides {
  /** Asks a DHCP server, beside the addresses below. */
  readonly auto?: 'dhcp';
  /** By what the DHCP server knows the host. Changing it changes the lease. Default: the system's own. */
  readonly clientId?: 'mac' | 'duid';
  /** Fixed addresses with their prefixes, such as `192.168.1.10/24`. */
  readonly addresses?: readonly string[];
  /** The router for all other networks, inside the subnet of one of the addresses. */
  readonly gateway?: string;
}

/** Where the host's IPv6 addresses on the bridge come from. Nothing at all: it has the link-local one only. */
export interface Ipv6Setup extends AutoOverrides {
  /** `slaac`: from router advertisements. `dhcp`: from a DHCP server, with the routes of the advertisements. */
  readonly auto?: 'slaac' | 'dhcp';
  /** Fixed addresses with their prefixes, such as `2001:db8::10/64`. */
  readonly addresses?: readonly string[];
  /** The router for all other networks, inside the subnet of one of the addresses or link-local. */
  readonly gateway?: string;
}

/** Name servers that the host asks over the bridge. */
export interface DnsSetup {
  /** Addresses of the servers, the preferred one first. */
  readonly servers?: readonly string[];
  /** Domains that are appended to short names. */
  readonly search?: readonly string[];
}

/** A route over the bridge. */
export interface BridgeRoute {
  /** The network that it leads to, such as `10.8.0.0/16`. */
  readonly to: string;
  /** The router; absent when the network is on the LAN itself. */
  readonly via?: string;
  /** The lower one wins, 0 to 4294967295. Default: the system's. */
  readonly metric?: number;
  /** Number of the routing table, 1 to 4294967295. Default: the main one. */
  readonly table?: number;
  /** Takes the router for reachable although it is in no subnet of the bridge. Default: false. */
  readonly onLink?: boolean;
}

/** Which MAC address a bridge has: one of its own, that of a port, or whatever the kernel picks. */
export type BridgeMac = string | { readonly copyFrom: string };

/**
 * A bridge device of the host as plain data. Times are in seconds, whatever the system that it is written for wants.
 */
export interface HostBridgeDocument {
  /** Device name: 1 to 15 bytes without blanks, `/`, `:` and `%`; not `.`, `..`, `all` and `default`. */
  readonly name: string;
  /** The devices on the bridge. None: guests and the host among themselves. */
  readonly ports?: readonly BridgePort[];
  /**
   * Its own MAC address, that of a port, or `kernel`: the lowest one of all ports, which changes when a guest with a
   * lower one starts. Default: that of the first port that is not a VXLAN, as the LAN knows the host
   * by it.
   */
  readonly mac?: BridgeMac;
  /** Largest packet in bytes, 68 to 65535. Default: the smallest of the ports. */
  readonly mtu?: number;
  /** Default: off. Always written out, as the systems differ in what they do without. */
  readonly stp?: SpanningTree;
  /** Seconds after which the place of a silent MAC address is forgotten, in steps of 0.01. Default: the kernel's 300. */
  readonly ageingTime?: number;
  /** True if multicast goes only where somebody asked for it. Default: the kernel's, which is yes. */
  readonly multicastSnooping?: boolean;
  /** Filters VLANs when it is there. */
  readonly vlanFiltering?: VlanFiltering;
  readonly ipv4?: Ipv4Setup;
  readonly ipv6?: Ipv6Setup;
  readonly dns?: DnsSetup;
  readonly routes?: readonly BridgeRoute[];
  /** True if it is made when the host starts. Default: true. */
  readonly autostart?: boolean;
}
