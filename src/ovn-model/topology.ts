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
  /** As `ensure` takes it. Needed for networks of mode `nat` and `route`; isolated ones do without. */
  readonly outside?: OvnOutside | undefined;
}

/** A guest on a network of OVN, as far as its packets are concerned. */
export interface OvnTopologyGuest {
  /** Unique in the topology; not `outside`, not `router`, and not the name of a network. */
  readonly name: string;
  /** Name of the network that its NIC is on. */
  readonly network: string;
  /** Name of the chassis that it runs on. Default: it is not plugged in. */
  readonly chassis?: string | undefined;
  /** True for a guest that is plugged in where `chassis` is not known. Default: true for a guest with a chassis. */
  readonly up?: boolean | undefined;
  /** MAC address of its NIC. Default: that of the reservation for its name, else one that no other guest has. */
  readonly mac?: string | undefined;
  /**
   * Its addresses, without prefix, one of each family at most. Default: of each family that the network has, the address reserved for
   * its MAC address or name, else one that no other guest has.
   */
  readonly addresses?: readonly string[] | undefined;
}

/** A machine outside: on a physical network that OVN's networks lead to, or beyond it, where the next hops of the networks find it. */
export interface OvnTopologyOutside {
  /** Name of the physical network, as `outside.physicalNetwork` of the networks has it. */
  readonly physicalNetwork: string;
  /** VLAN of the physical network that it is in, 1 to 4094. Default: untagged. */
  readonly vlan?: number | undefined;
  /** Addresses of the machine, in CIDR form, one of each family at most: `198.51.100.2/24`. */
  readonly addresses: readonly string[];
  /** Names of the networks whose guests it finds by a route to the network's router. Default: all. */
  readonly routes?: readonly string[] | undefined;
}

/** Networks on OVN, guests on several hosts, and what is around. */
export interface OvnTopology {
  readonly chassis: readonly OvnTopologyChassis[];
  readonly networks: readonly OvnTopologyNetwork[];
  /** Default: none. */
  readonly guests?: readonly OvnTopologyGuest[] | undefined;
  /** The machines outside. Default: the next hops that the networks name in `outside.gateways`. */
  readonly outside?: readonly OvnTopologyOutside[] | undefined;
}
