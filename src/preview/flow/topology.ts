import type { BaseNetwork } from '../../model/base.js';
import type { Family } from '../../schema/address.js';
import type { FirewallOptions } from '../firewall/index.js';
import type { HostFirewall } from '../firewall-model/model.js';
import type { HostKernel } from '../host-kernel/model.js';

/** A guest, as far as its packets are concerned. */
export interface FlowGuest {
  /** Unique in the topology; not `host` and not `outside`. */
  readonly name: string;
  /** Name of the network that its NIC is on. */
  readonly network: string;
  /**
   * Its addresses, without prefix. Default: for each subnet of the network the address reserved for its name, else one
   * that no other guest has. Must be given on networks without subnets, if the guest has any; then in CIDR form.
   */
  readonly addresses?: readonly string[];
  /**
   * Tells whether it has a default route, and on bridged networks the router's addresses. Default: what DHCP and router
   * advertisements of its network give it: all but isolated networks.
   */
  readonly gateway?: boolean | readonly string[];
  /** The host's device that it is plugged in by, such as `vnet3`. Rules about taps are unsure without it. */
  readonly tap?: string;
  /** MAC address of its NIC. Rules about hardware addresses are unsure without it. */
  readonly mac?: string;
  /** Tells whether its NIC is kept from others that are isolated. Default: what its network says. */
  readonly isolated?: boolean;
  /** State of its NIC's link. Default: `up`. */
  readonly link?: 'up' | 'down';
  /** VLAN that its port of the switch is in, or `trunk` for several. Default: none, its frames have no tag. */
  readonly vlan?: number | 'trunk';
  /** Name of its network filter. Without `firewall`, which holds the filter's rules, what it would deliver is `depends`. */
  readonly filter?: string;
}

/** A LAN beyond the host. */
export interface OutsideSegment {
  /** The host's device on it: a NIC, or a bridge of the host that bridged networks point at. */
  readonly device: string;
  /**
   * The host's addresses on it, in CIDR form; those of `<nat><address>` too, as `/32`: answers to others find nobody.
   * Default: none.
   */
  readonly host?: readonly string[];
  /** Addresses of the machine outside that is asked and that asks, in CIDR form. */
  readonly outside: readonly string[];
  /** Tells whether its switch sends frames back to the port that they came from, which vepa needs. Default: false. */
  readonly hairpin?: boolean;
}

/** Networks and guests on a host, and its surroundings. */
export interface Topology extends FirewallOptions {
  /** The networks that run, in the order of their start. */
  readonly networks: readonly BaseNetwork[];
  /** Default: two guests on each network, `{network}-a` and `{network}-b`. */
  readonly guests?: readonly FlowGuest[];
  /**
   * The LANs that the host is on; the default route is on the first. The machine outside sends what it has for the
   * networks to the host. Default: one at `eth0`, with addresses that are reserved for documentation.
   */
  readonly outside?: readonly OutsideSegment[];
  /**
   * The packet filters of the host as they are, of `readHostFirewall`: libvirt's rules and those of everybody else.
   * Default: the rules that libvirt makes for the networks, and the two policies below.
   */
  readonly firewall?: HostFirewall;
  /**
   * The routes and settings of the host as they are, of `readHostKernel`. Default: routes to the networks and LANs,
   * and the settings that libvirt makes.
   */
  readonly kernel?: HostKernel;
  /**
   * Policy of the chain `INPUT` in iptables' table `filter`, with the rules that hosts have besides: answers, the host's
   * own packets and neighbour discovery pass. Default: `accept`. Without effect with `firewall`.
   */
  readonly hostInput?: 'accept' | 'drop';
  /** Policy of the chain `FORWARD` in the same table; Docker sets `drop`. Default: `accept`. Without effect with `firewall`. */
  readonly forwardPolicy?: 'accept' | 'drop';
}

/** A question: who sends what to whom. */
export interface FlowPacket {
  /** Name of a guest, or `host`, or `outside`. */
  readonly from: string;
  /** The same; or an address. To the host from a guest means its gateway, from outside the host's outer address. */
  readonly to: string;
  /**
   * `dns` and `dns-tcp` ask the receiver for a name, `dhcp` broadcasts for an address, `ra` for a router, `tftp` fetches a
   * file. Default: `icmp`, an echo request.
   */
  readonly protocol?: 'icmp' | 'tcp' | 'udp' | 'dns' | 'dns-tcp' | 'dhcp' | 'ra' | 'tftp';
  /** Default: that of the address, where one is given for `to` or `from`, else `ipv4`. */
  readonly family?: Family;
  /** Port of the receiver for TCP and UDP; something is taken to listen there. Default: 80. */
  readonly port?: number;
  /** The name that `dns` asks for. Default: `example.com`. */
  readonly name?: string;
}

/**
 * What becomes of it.
 *
 * - `delivered`: it arrives, and the answer comes back.
 * - `rejected`: an error comes back: a port, host or network is unreachable. For an address that nobody has it takes three seconds.
 * - `timeout`: nothing comes back.
 * - `no-route`: the sender does not know where to send it.
 * - `refused`: a DNS server answers that it will not look the name up.
 * - `depends`: a rule of the host decides, which asks for more than is known here, such as a rate or a set of addresses.
 */
export type Verdict = 'delivered' | 'rejected' | 'timeout' | 'no-route' | 'refused' | 'depends';

/** A step on the path of a packet or of its answer. */
export interface FlowStep {
  readonly way: 'there' | 'back';
  /** Where it happens: the name of a guest or network, `host` or `outside`; on OVN also that of a router or chassis. */
  readonly at: string;
  readonly what: 'send' | 'switch' | 'route' | 'translate' | 'firewall' | 'service' | 'tunnel' | 'arrive' | 'lost';
  /** What the place is on OVN, where it is neither a guest nor the outside. */
  readonly kind?: 'network' | 'router' | 'chassis';
  readonly text: string;
}

/** The way of a packet and of its answer. */
export interface Flow {
  readonly packet: Required<Pick<FlowPacket, 'from' | 'to' | 'protocol' | 'family'>> & FlowPacket;
  readonly verdict: Verdict;
  /** Why, in one sentence. */
  readonly reason: string;
  /** The rule that decided, as the host's tools print it; absent when none did. */
  readonly rule?: string;
  /** The hook at which it decided, such as `forward`. */
  readonly hook?: string;
  /** The source address that the receiver sees, or a range of which it sees one; absent when nothing arrives. */
  readonly sourceSeen?: string;
  readonly steps: readonly FlowStep[];
}
