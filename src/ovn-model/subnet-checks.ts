import { LibvirtError } from '../errors/index.js';
import { type AddressWithPrefix, sameSubnet } from '../schema/address.js';
import { isLinkLocal, isOfHost } from './router-addresses.js';
import type { OvnShape } from './shape.js';

/**
 * Refuses subnets between which a router cannot choose, and addresses that it cannot have: OVN takes both, and packets get lost.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function assertSubnets({ name, subnets, outside }: OvnShape): void {
  for (const [i, { router, prefix, cidr }] of subnets.entries()) {
    const own = { address: router, prefix };
    const hasZone = router.text.includes('%');
    if (hasZone || isLinkLocal(router) || !isOfHost(own)) throw unusable(name, cidr, 'no router can have this address');
    const earlier = subnets.slice(0, i).find((other) => overlap({ ...other, address: other.router }, own));
    if (earlier !== undefined) throw unusable(name, cidr, `it overlaps ${earlier.cidr}`);
    const other = outside?.addresses.find((beyond) => overlap(beyond, own));
    if (other !== undefined)
      throw unusable(name, cidr, `it overlaps the subnet of ${other.address.text}/${other.prefix} outside`);
  }
}

const overlap = (one: AddressWithPrefix, other: AddressWithPrefix): boolean =>
  sameSubnet(one.address, other.address, Math.min(one.prefix, other.prefix));

const unusable = (network: string, subnet: string, why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `network "${network}" cannot have the subnet ${subnet} on OVN: ${why}`, {
    network,
    hint: "choose a subnet that nobody else has, with an address of its own for the router, such as '172.30.0.1/24'",
  });
