import { type Family, parseAddress } from '../schema/address.js';
import { hostAddressOf } from './forward-rows.js';
import { type Outside, ownAddress } from './outside.js';
import { type OvnShape, subnetsOf } from './shape.js';

/** Key of a network's router, whose marks say which addresses outside the network answers for. */
export const ROUTER_KEY = 'router';

/** Begins each of these marks; the address follows. The value is the physical network with its VLAN. */
export const ADDRESS_MARK = 'libvirt-network-address-';

/** The address outside that all guests of a family have, apart from those with one of their own. */
export function natAddressOf({ document, name }: OvnShape, outside: Outside, family: Family): string {
  const given = family === 'ipv4' ? document.forward?.nat?.address?.start : undefined;
  return (given === undefined ? undefined : parseAddress(given)?.text) ?? ownAddress(outside, family, name);
}

/** The addresses that guests have outside. */
export const sourceAddresses = (shape: OvnShape, outside: Outside): readonly string[] => [
  ...shape.translated
    .filter((family) => subnetsOf(shape, family).length > 0)
    .map((family) => natAddressOf(shape, outside, family)),
  ...outside.ownAddresses.map(({ address }) => address.text),
];

/** The addresses outside that the router of a network answers for: its own, those of its guests, and those of port forwards. */
export const answeredAddresses = (shape: OvnShape, outside: Outside): ReadonlySet<string> =>
  new Set([
    ...outside.addresses.map(({ address }) => address.text),
    ...sourceAddresses(shape, outside),
    ...shape.forwards.flatMap((forward) => hostAddressOf(forward, shape) ?? []),
  ]);

/** The marks that say so. */
export function addressMarks(shape: OvnShape, outside: Outside): Readonly<Record<string, string>> {
  const { physicalNetwork, vlan } = outside;
  const segment = vlan === undefined ? physicalNetwork : `${physicalNetwork} ${vlan}`;
  return Object.fromEntries([...answeredAddresses(shape, outside)].map((text) => [`${ADDRESS_MARK}${text}`, segment]));
}
