import type { Address, AddressWithPrefix, Family } from '../../schema/address.js';
import type { LogicalNetwork, LogicalRouter } from './logical.js';
import { isSame } from './same.js';

/** The router of a network is the default route of its guests where it leads outside; of IPv6 it says so in any case. */
export const hasDefaultRoute = ({ router, outer }: LogicalNetwork, family: Family): boolean =>
  family === 'ipv4'
    ? outer !== undefined
    : router?.inside.networks.some((one) => one.address.family === family) === true;

/** What else to say of a guest without a route. */
export const whyNoRoute = ({ outer }: LogicalNetwork, family: Family): string =>
  outer === undefined && family === 'ipv4' ? ': an isolated network gives its guests no default route' : '';

/** What else to say of a router without a route. */
export const whyNoWayOut = ({ outer }: LogicalNetwork): string =>
  outer === undefined ? ', and the network is isolated' : ': outside.gateways names no next hop for it';

const addressesOf = ({ inside, outside }: LogicalRouter): readonly AddressWithPrefix[] => [
  ...inside.networks,
  ...(outside?.networks ?? []),
];

/** Tells whether an address is a router's own. */
export const isAddressOf = (router: LogicalRouter, address: Address): boolean =>
  addressesOf(router).some((own) => isSame(own.address, address));

/** Tells whether an address is that of a network's router. */
export const isOfRouter = ({ router }: LogicalNetwork, address: Address): boolean =>
  router !== undefined && isAddressOf(router, address);

/** Tells whether a router answers for an address outside: its own, that of a translation, or of a port forward. */
export const isPublicOf = (router: LogicalRouter | undefined, address: Address): boolean =>
  router?.outside !== undefined &&
  [
    ...router.outside.networks.map((own) => own.address),
    ...router.nats.map(({ external }) => external),
    ...router.vips.map((vip) => vip.address),
  ].some((own) => isSame(own, address));
