import { LibvirtError } from '../errors/index.js';
import { type Address, parseAddress } from '../schema/address.js';
import { isIn, isOfHost } from './router-addresses.js';
import type { OvnShape } from './shape.js';

/**
 * Refuses subnets between which a router cannot choose, and addresses that it cannot have: OVN takes both, and packets get lost.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function assertSubnets({ name, subnets, outside }: OvnShape): void {
  for (const [i, { subnet }] of subnets.entries()) {
    const address = parseAddress(subnet.gateway);
    if (address === undefined || isLinkLocal(address) || !isOfHost({ address, prefix: subnet.prefix }))
      throw unusable(name, subnet.cidr, 'no router can have this address');
    const earlier = subnets.slice(0, i).find((other) => other.subnet.overlaps(subnet.cidr));
    if (earlier !== undefined) throw unusable(name, subnet.cidr, `it overlaps ${earlier.subnet.cidr}`);
    const beyond = outside?.addresses.map(({ address: own, prefix }) => `${own.text}/${prefix}`);
    const other = beyond?.find((cidr) => subnet.overlaps(cidr));
    if (other !== undefined) throw unusable(name, subnet.cidr, `it overlaps the subnet of ${other} outside`);
  }
}

const isLinkLocal = (address: Address): boolean => isIn(address, 'fe80::/10');

const unusable = (network: string, subnet: string, why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `network "${network}" cannot have the subnet ${subnet} on OVN: ${why}`, {
    network,
    hint: "choose a subnet that nobody else has, with an address of its own for the router, such as '172.30.0.1/24'",
  });
