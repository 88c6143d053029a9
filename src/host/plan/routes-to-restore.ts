import { goesOutBy, type HostRoute } from '../../host-facts/routes.js';
import { deviceOf, type Observation } from '../observe/observe.js';

/**
 * The routes of devices that must be added again when their addresses are: what somebody has set, and the route to a
 * device's own subnet where it does not come with the address, as NetworkManager sets it. The kernel and routers make
 * the others again by themselves.
 *
 * @param observation - what the host is like
 * @param names - the devices
 */
export const keptRoutes = (observation: Observation, names: readonly string[]): readonly HostRoute[] =>
  observation.routes.filter(
    (route) => names.some((name) => goesOutBy(route, name)) && (isSet(route) || isOwnSubnet(observation, route)),
  );

const isSet = ({ protocol }: HostRoute): boolean => protocol !== 'kernel' && protocol !== 'ra';

function isOwnSubnet(observation: Observation, { family, protocol, type, table, to, device }: HostRoute): boolean {
  if (protocol !== 'kernel' || type !== 'unicast' || table !== undefined || /^(?:fe80|ff00):/.test(to)) return false;
  const addresses = device === undefined ? [] : (deviceOf(observation, device)?.addresses ?? []);
  return addresses.some((address) => address.family === family && address.noPrefixRoute);
}
