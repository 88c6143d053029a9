import type { Command } from '../../host-bridge/render/rendering.js';
import { globalAddresses, type HostDevice } from '../../host-facts/devices.js';
import { inOrderOfAdding } from '../../host-facts/routes.js';
import { deviceOf, type Observation } from '../observe/observe.js';
import {
  addAddress,
  addBridge,
  addRoute,
  bridgeFlags,
  bridgeWords,
  deleteLink,
  flushAddresses,
  flushRoutes6,
  setLink,
} from '../plan/ip-commands.js';
import { keptRoutes } from '../plan/routes-to-restore.js';

/**
 * Commands that give devices back what they had, however far a change came: each may fail without harm, and all may
 * run again. Devices that were not there are taken away.
 *
 * @param before - what the host was like
 * @param names - the devices that the change is about
 */
export function restoring(before: Observation, names: readonly string[]): readonly Command[] {
  const known = names.flatMap((name) => deviceOf(before, name) ?? []);
  const added = names.filter((name) => deviceOf(before, name) === undefined);
  const routes = keptRoutes(before, names);
  return [
    ...known.filter(({ master }) => master === undefined).map(({ name }) => setLink(name, 'nomaster')),
    ...added.map(deleteLink),
    ...known.flatMap(bridgeAgain),
    ...known.flatMap(({ name, master }) => (master === undefined ? [] : [setLink(name, 'master', master)])),
    ...known.flatMap(linkAgain),
    // Two equal IPv6 routes make one with two ways: `replace` would take the first for the second.
    ...inOrderOfAdding(routes).map((route) => addRoute(route, route.family === 'ipv6' ? 'append' : 'replace')),
  ];
}

function bridgeAgain({ name, bridge, mac }: HostDevice): readonly Command[] {
  if (bridge === undefined) return [];
  const words = bridgeWords(bridge);
  return [
    addBridge(name, bridge),
    setLink(name, 'type', 'bridge', ...words),
    ...bridgeFlags(bridge).map((flag) => setLink(name, 'type', 'bridge', ...flag)),
    ...(mac === undefined ? [] : [setLink(name, 'address', mac)]),
  ];
}

/** Whose routes a change may have left on a device. */
const PROTOCOLS = ['boot', 'static', 'dhcp'];

const linkAgain = (device: HostDevice): readonly Command[] => [
  setLink(device.name, 'mtu', String(device.mtu)),
  setLink(device.name, device.up ? 'up' : 'down'),
  flushAddresses(device.name),
  ...PROTOCOLS.map((protocol) => flushRoutes6(device.name, protocol)),
  ...globalAddresses(device).map((address) => addAddress(device.name, address)),
];
