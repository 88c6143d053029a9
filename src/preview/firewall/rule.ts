import type { Family } from '../../schema/address.js';

/** Which program libvirt gives its rules to: `firewall_backend` in the host's `/etc/libvirt/network.conf`. */
export type FirewallBackend = 'iptables' | 'nftables';

/** A range of ports, both included. */
export interface PortSpan {
  /** Lowest, 0 to 65535. */
  readonly start: number;
  /** Highest, 0 to 65535. */
  readonly end: number;
}

/** A condition that a packet must meet for a rule to apply. */
export type Condition =
  | {
      readonly field: 'source' | 'destination';
      /** In CIDR form. */
      readonly value: string;
      /** The packet must not have it. */
      readonly not?: true;
    }
  | {
      readonly field: 'inInterface' | 'outInterface';
      /** Name of a device of the host. */
      readonly value: string;
      /** Tells whether nftables compares names instead of indexes, as the device may come later; iptables always does. */
      readonly byName?: true;
    }
  | { readonly field: 'protocol'; readonly value: 'tcp' | 'udp' }
  | { readonly field: 'destinationPort'; readonly value: number }
  /** A packet of a connection that is established, or related to one that is. */
  | { readonly field: 'established' };

/** Action of a rule. */
export type Target =
  /** `checksum`: fill in the checksum that virtual devices leave out. */
  | { readonly type: 'accept' | 'reject' | 'return' | 'checksum' }
  | { readonly type: 'jump'; readonly chain: string }
  /** Gives the packet the address of the device it leaves by. */
  | { readonly type: 'masquerade'; readonly ports?: PortSpan }
  /** Gives the packet one of the addresses of a range. */
  | { readonly type: 'snat'; readonly start: string; readonly end: string; readonly ports?: PortSpan };

/** A firewall rule of libvirt. Source: libvirt's firewall page, "The virtual network driver". */
export interface FirewallRule {
  readonly kind: 'rule';
  readonly backend: FirewallBackend;
  /** `ipv6` goes to ip6tables, or to the table of family ip6. */
  readonly family: Family;
  /** iptables' table, or `libvirt_network`. */
  readonly table: string;
  readonly chain: string;
  /** All must hold; in the order in which libvirt writes them. */
  readonly match: readonly Condition[];
  readonly target: Target;
}

/** A `tc` filter by which the nftables backend fills in checksums of DHCP replies, which nftables cannot. */
export interface ChecksumFilter {
  readonly kind: 'checksum';
  readonly backend: 'nftables';
  /** The bridge. */
  readonly device: string;
}

/** A table or chain that libvirt looks for, or makes. */
export interface FirewallFrame {
  readonly kind: 'list' | 'table' | 'chain';
  readonly backend: FirewallBackend;
  readonly family: Family;
  readonly table: string;
  /** The chain to make. */
  readonly chain?: string;
  /** Where nftables calls a chain: its declaration. */
  readonly hook?: string;
}

/** A step by which libvirt sets up the firewall. */
export type FirewallStep = FirewallRule | ChecksumFilter | FirewallFrame;
