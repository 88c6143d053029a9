import type { Family } from '../../schema/address.js';
import type { PortSpan } from '../firewall/rule.js';

/** A property of packets that conditions compare. */
export type HostField =
  | 'source'
  | 'destination'
  | 'inInterface'
  | 'outInterface'
  | 'family'
  | 'protocol'
  | 'sourcePort'
  | 'destinationPort'
  | 'icmpType'
  | 'connectionState'
  | 'connectionStatus'
  | 'sourceType'
  | 'destinationType'
  | 'mark'
  | 'hopLimit'
  | 'tcpSyn'
  | 'routingHeader'
  | 'reversePath'
  | 'etherSource'
  | 'etherDestination'
  | 'arpOperation'
  | 'arpSource'
  | 'arpDestination'
  | 'arpSourceMac'
  | 'arpDestinationMac';

/** A condition of a host's rule: the packet's property is one of the values, or with `not` none of them. */
export interface HostCondition {
  readonly field: HostField;
  /**
   * Addresses in CIDR form or as a range `a-b`, ports as `53` or `80-90`, device names that may end in `*`, marks as
   * `0x7/0xff`, states, protocols and types by their names in nftables, `found` and `missing` for a reverse path, MAC
   * addresses in small letters, with a mask as in `01:00:00:00:00:00/01:00:00:00:00:00`.
   */
  readonly values: readonly string[];
  readonly not?: true;
}

/** Action of a host's rule. */
export type HostTarget =
  | { readonly type: 'accept' | 'drop' | 'reject' | 'return' | 'checksum' | 'notrack' }
  | { readonly type: 'jump' | 'goto'; readonly chain: string }
  /** Gives the packet the address of the device it leaves by. */
  | { readonly type: 'masquerade'; readonly ports?: PortSpan }
  /** Gives the packet one of the addresses of a range; its own address without `start`. */
  | { readonly type: 'snat'; readonly start?: string; readonly end?: string; readonly ports?: PortSpan }
  /** Sends the packet to another address and port; to the host itself without `address` in `redirect`. */
  | {
      readonly type: 'dnat' | 'redirect';
      readonly address?: string;
      readonly ports?: PortSpan;
      /** The number that is added to the port of the packet. */
      readonly shift?: number;
    }
  | { readonly type: 'mark'; readonly value: number; readonly mask: number }
  /** Decides nothing: logging, counting. */
  | { readonly type: 'none' }
  /** An action that this library does not know; it may decide. */
  | { readonly type: 'unknown'; readonly text: string };

/** A rule found on a host. */
export interface HostRule {
  /** All must hold. */
  readonly match: readonly HostCondition[];
  /** Conditions that this library does not know, as text; the rule may match less than `match` says. */
  readonly unknown: readonly string[];
  readonly target: HostTarget;
  /** The rule as the host prints it. */
  readonly text: string;
}

/** A place where packets enter chains by themselves. */
export type HostHook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'ingress' | 'egress';

/** How a chain is attached to a hook. */
export interface ChainBase {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: HostHook;
  /** Chains of one hook run in ascending order; 0 is that of filters. */
  readonly priority: number;
  /** Verdict for packets that no rule decides. */
  readonly policy: 'accept' | 'drop';
  /** The devices of a chain of family `netdev`. */
  readonly devices?: readonly string[];
}

/** The families of tables, by their names in nftables. */
export type TableFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';

/** A chain found on a host. */
export interface HostChain {
  readonly family: TableFamily;
  readonly table: string;
  readonly chain: string;
  /** The part of the kernel that holds it: nftables and today's iptables, or the iptables of old. */
  readonly kernel: 'nf_tables' | 'ip_tables';
  /** Absent for chains that packets enter by a jump only. */
  readonly base?: ChainBase;
  readonly rules: readonly HostRule[];
}

/** All packet filters of a host, whoever made them. */
export interface HostFirewall {
  /** The address families whose tables are known. */
  readonly families: readonly Family[];
  readonly chains: readonly HostChain[];
}

/** The name of a chain, unique on a host. */
export const chainKey = (chain: Omit<HostChain, 'rules' | 'base'>): string => `${tableKey(chain)} ${chain.chain}`;

/** The name of a chain's table, unique on a host. */
export const tableKey = ({ kernel, family, table }: Pick<HostChain, 'kernel' | 'family' | 'table'>): string =>
  `${kernel} ${family} ${table}`;

/**
 * Returns the same text for all rules of libvirt with the same meaning, whatever the order of their conditions. nftables
 * says with each address of which family it is, which the table says as well.
 */
export const ruleKey = ({ match, unknown, target }: Omit<HostRule, 'text'>): string =>
  JSON.stringify([
    match
      .filter(({ field }) => field !== 'family')
      .map(conditionKey)
      .sort(),
    unknown,
    Object.entries(target).sort(),
  ]);

const conditionKey = ({ field, values, not }: HostCondition): string =>
  `${not ? '! ' : ''}${field} ${[...values].sort().join()}`;
