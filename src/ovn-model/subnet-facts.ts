import { Subnet } from '../model/subnet.js';
import { type Address, type Family, readAddress, sameSubnet } from '../schema/address.js';
import type { Ip } from '../schema/network/ip.js';

/** What rows and checks need of a subnet, worked out once: a network has many guests. */
export interface SubnetFacts {
  readonly subnet: Subnet;
  readonly family: Family;
  /** The address that its `<ip>` gives: the router's own. */
  readonly router: Address;
  readonly prefix: number;
  /** Its first address, which names it. */
  readonly network: string;
  /** Its last address. */
  readonly broadcast: string;
  /** The first address with the prefix. */
  readonly cidr: string;
}

/** The subnet of an `<ip>`, where it has one. */
export function subnetFacts(ip: Ip): SubnetFacts | undefined {
  const subnet = Subnet.of(ip);
  const router = subnet === undefined ? undefined : readAddress(subnet.gateway);
  if (subnet === undefined || router === undefined) return undefined;
  const { family, prefix, network, broadcast } = subnet;
  return { subnet, family, router, prefix, network, broadcast, cidr: `${network}/${prefix}` };
}

/** Tells whether an address is in a subnet. */
export const holds = ({ router, prefix }: SubnetFacts, address: Address): boolean =>
  sameSubnet(router, address, prefix);
