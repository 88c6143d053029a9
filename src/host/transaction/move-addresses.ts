import type { Command } from '../../host-bridge/render/rendering.js';
import { cidrOf, globalAddresses } from '../../host-facts/devices.js';
import { goesOutBy, type HostRoute, inOrderOfAdding } from '../../host-facts/routes.js';
import { deviceOf, type Observation } from '../observe/observe.js';
import { type ExpectedBridge, familyOf, readCidr } from '../plan/expected.js';
import {
  addAddress,
  addBridge,
  addRoute,
  deleteAddress,
  flushAddresses,
  flushRoutes6,
  setLink,
} from '../plan/ip-commands.js';
import { keptRoutes } from '../plan/routes-to-restore.js';

/**
 * Commands that make a bridge and move a host's connection onto it, without any network system: they leave no trace
 * on disk, and with the MAC address of its port the bridge takes over connections that are open. Leased addresses
 * are moved with what is left of their time.
 *
 * @param before - what the host is like
 * @param expected - what it shall be like
 */
export function takingOver(before: Observation, expected: ExpectedBridge): readonly Command[] {
  const { name, ports, stp = false, forwardDelay = 0, mtu } = expected;
  const mac = expected.mac ?? macOf(before, ports);
  return [
    ...(deviceOf(before, name) === undefined ? [addBridge(name, { stp, forwardDelay })] : []),
    ...(mac === undefined ? [] : [setLink(name, 'address', mac)]),
    ...ports.flatMap((port) => [
      setLink(port, 'master', name),
      setLink(port, 'up'),
      flushAddresses(port),
      ...strayRoutes(before, port),
    ]),
    ...(mtu === undefined ? [] : [setLink(name, 'mtu', String(mtu))]),
    setLink(name, 'up'),
    ...addressesToDrop(before, expected).map((address) => deleteAddress(name, address)),
    ...addressesFor(before, expected).map((address) => addAddress(name, address)),
    ...inOrderOfAdding(routesFor(before, expected)).map((route) =>
      addRoute(route, 'replace', (on) => (ports.includes(on) ? name : on)),
    ),
  ];
}

/** IPv4 routes end with the last address of their device; those of IPv6 do not, and lead nowhere from a port. */
export function strayRoutes({ routes }: Observation, port: string): readonly Command[] {
  const mine = routes.filter(
    (route) => route.family === 'ipv6' && route.protocol !== 'kernel' && goesOutBy(route, port),
  );
  const groups = new Map(
    mine.map(({ protocol, table }) => [`${protocol} ${table}`, flushRoutes6(port, protocol, table)]),
  );
  return [...groups.values()];
}

const macOf = (before: Observation, ports: readonly string[]): string | undefined =>
  ports.flatMap((port) => deviceOf(before, port)?.mac ?? [])[0];

/** Finds addresses of the bridge from an earlier change. */
function addressesToDrop(before: Observation, expected: ExpectedBridge) {
  const bridge = deviceOf(before, expected.name);
  const wanted = new Set(addressesFor(before, expected).map(cidrOf));
  return (bridge === undefined ? [] : globalAddresses(bridge)).filter(
    (address) => !wanted.has(cidrOf(address)) && expected.dynamic?.includes(address.family) !== true,
  );
}

function addressesFor(before: Observation, { ports, addresses, dynamic = [] }: ExpectedBridge) {
  const leased = ports
    .flatMap((port) => deviceOf(before, port) ?? [])
    .flatMap(globalAddresses)
    .filter(({ family }) => dynamic.includes(family))
    .map(({ label: _, ...address }) => address);
  const own = addresses.flatMap((cidr) => readCidr(cidr) ?? []);
  return [...own, ...leased.filter(({ address }) => !own.some((other) => other.address === address))];
}

/** The routes that came with a lease go on; those of the model take the place of what was set by hand. */
function routesFor(before: Observation, { name, ports, gateways, dynamic = [] }: ExpectedBridge): readonly HostRoute[] {
  const kept = keptRoutes(before, ports).filter(({ family }) => dynamic.includes(family));
  const defaults = gateways.map((gateway) => ({
    family: familyOf(gateway),
    to: 'default',
    type: 'unicast',
    device: name,
    gateway,
    protocol: 'static',
    onLink: false,
    hops: [],
  }));
  return [...kept, ...defaults];
}
