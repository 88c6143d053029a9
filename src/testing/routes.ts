import { type Address, bitsOf, networkAddress } from '../schema/address.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { destinationOf, effectivePrefix } from '../schema/rules/addressing.js';
import { addressIn } from '../schema/rules/context.js';
import { Refusal } from './refusal.js';

/** An IPv4 route that a running network has added to the host, or that a starting one would add. */
interface RouteEntry {
  readonly network: Address;
  readonly prefix: number;
  readonly device: string;
  /** The address as the definition has it. */
  readonly given: string;
}

type Destination = { readonly address: string; readonly netmask?: string; readonly prefix?: number };

const routeTo = (destination: Destination, device: string): RouteEntry[] => {
  const address = addressIn(destination.address);
  const prefix = effectivePrefix(destination);
  if (address?.family !== 'ipv4' || prefix === undefined || prefix > bitsOf('ipv4')) return [];
  return [{ network: networkAddress(address, prefix), prefix, device, given: destination.address }];
};

const subnetsOf = ({ ips = [], bridge }: NetworkDocument) => ips.flatMap((ip) => routeTo(ip, bridge?.name ?? ''));
const routesOf = ({ routes = [], bridge }: NetworkDocument) =>
  routes.flatMap((route) => routeTo(destinationOf(route), bridge?.name ?? ''));

/** libvirt looks only at routes that name an address, default routes included. */
const checkedRoutesOf = ({ routes = [], bridge }: NetworkDocument) =>
  routes.flatMap(({ address, ...route }) =>
    address === undefined ? [] : routeTo({ ...route, address }, bridge?.name ?? ''),
  );

const isSame = (a: RouteEntry, b: RouteEntry): boolean => a.prefix === b.prefix && a.network.value === b.network.value;

/**
 * Refuses to start a network whose IPv4 subnets or routes a running one has. libvirt reads the host's routes one by one,
 * which are in the order of their addresses.
 *
 * @param document - what is to start
 * @param running - what runs
 */
export function checkRoutes(document: NetworkDocument, running: readonly NetworkDocument[]): void {
  const lines = running
    .flatMap((one) => [...subnetsOf(one), ...routesOf(one)])
    .sort((a, b) => Number(a.network.value - b.network.value));
  for (const line of lines) {
    if (subnetsOf(document).some((subnet) => isSame(subnet, line)))
      throw new Refusal(`internal error: Network is already in use by interface ${line.device}`);
    const route = checkedRoutesOf(document).find((one) => isSame(one, line));
    if (route !== undefined)
      throw new Refusal(
        `internal error: Route address '${route.given}' conflicts with IP address for '${line.device}'`,
      );
  }
}
