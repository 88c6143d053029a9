import type { BaseNetwork } from '../model/base.js';
import type { OvnOutside } from './outside.js';

/** A host of OVN. */
export interface OvnTopologyChassis {
  /** Its name in OVN, such as `kvm1`: `system-id` of Open vSwitch. Unique in the topology. */
  readonly name: string;
  /** Address of its end of the tunnels, such as `10.0.0.1`. Default: not known. */
  readonly address?: string | undefined;
  /** How it wraps packets for other hosts. Default: `geneve`. */
  readonly encapsulation?: 'geneve' | 'vxlan' | undefined;
}

/** A network on OVN, and how it reaches the outside. */
export interface OvnTopologyNetwork {
  /** The value that `ensure` takes: a network with NAT, a routed or an isolated one. */
  readonly network: BaseNetwork;
  /** As `ensure` takes it. Needed for networks of mode `nat` and `route`. */
  readonly outside?: OvnOutside | undefined;
}

/** A guest on a network of OVN, as far as its packets are concerned. */
export interface OvnTopologyGuest {
  /** Unique in the topology; not `outside`, and not the name of a network. */
  readonly name: string;
  /** Name of the network that its NIC is on. */
  readonly network: string;
  /** Name of the chassis that it runs on. Default: it is not plugged in. */
  readonly chassis?: string | undefined;
  /** MAC address of its NIC. Default: one that no other guest has. */
  readonly mac?: string | undefined;
  /**
   * Its addresses, without prefix. Default: for each subnet of the network the address reserved for its MAC address or name,
   * else one that no other guest has.
   */
  readonly addresses?: readonly string[] | undefined;
}

/** A machine on a physical network that OVN's networks lead to. */
export interface OvnTopologyOutside {
  /** Name of the physical network, as `outside.physicalNetwork` of the networks has it. */
  readonly physicalNetwork: string;
  /** Addresses of the machine, in CIDR form, one of each family at most: `198.51.100.2/24`. */
  readonly addresses: readonly string[];
}

/** Networks on OVN, guests on several hosts, and what is around. */
export interface OvnTopology {
  readonly chassis: readonly OvnTopologyChassis[];
  readonly networks: readonly OvnTopologyNetwork[];
  /** Default: none. */
  readonly guests?: readonly OvnTopologyGuest[] | undefined;
  /** Default: none. */
  readonly outside?: readonly OvnTopologyOutside[] | undefined;
}
