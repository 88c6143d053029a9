import { cidrOf, globalAddresses } from '../../host-facts/devices.js';
import { deviceOf, type Observation } from '../observe/observe.js';
import { keptRoutes } from '../plan/routes-to-restore.js';

/**
 * Lists the differences from the state before, one line each: of the devices of a change, and their routes.
 *
 * @param before - what the host was like
 * @param after - what it is like now
 * @param names - the devices
 */
export function leftovers(before: Observation, after: Observation, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const [was, is] = [linesOf(before, name), linesOf(after, name)];
    return [
      ...was.filter((line) => !is.includes(line)).map((line) => `${name} no longer has: ${line}`),
      ...is.filter((line) => !was.includes(line)).map((line) => `${name} still has: ${line}`),
    ];
  });
}

function linesOf(observation: Observation, name: string): readonly string[] {
  const device = deviceOf(observation, name);
  if (device === undefined) return [];
  const { kind, master = 'none', up, mtu } = device;
  return [
    `kind ${kind}`,
    `master ${master}`,
    up ? 'is up' : 'is down',
    `MTU ${mtu}`,
    ...globalAddresses(device).map((address) => `address ${cidrOf(address)}`),
    ...keptRoutes(observation, [name]).map(({ to, gateway, metric, table, hops }) =>
      ['route', to, gateway, metric, table, JSON.stringify(hops)].filter((part) => part !== undefined).join(' '),
    ),
  ];
}
