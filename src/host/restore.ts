import type { Command } from '../bridge/rendering.js';
import {
  addAddress,
  addBridge,
  addRoute,
  bridgeWords,
  deleteLink,
  flushAddresses,
  globalAddresses,
  inOrder,
  isKept,
  isOn,
  setLink,
} from './kernel.js';
import type { HostDevice } from './links.js';
import { deviceOf, type Observation } from './observe.js';

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
  const routes = before.routes.filter((route) => isKept(route) && names.some((name) => isOn(route, name)));
  return [
    ...known.filter(({ master }) => master === undefined).map(({ name }) => setLink(name, 'nomaster')),
    ...added.map(deleteLink),
    ...known.flatMap(bridgeAgain),
    ...known.flatMap(({ name, master }) => (master === undefined ? [] : [setLink(name, 'master', master)])),
    ...known.flatMap(linkAgain),
    ...inOrder(routes).map((route) => addRoute(route)),
  ];
}

function bridgeAgain({ name, bridge, mac }: HostDevice): readonly Command[] {
  if (bridge === undefined) return [];
  const words = bridgeWords(bridge);
  return [
    addBridge(name, bridge),
    setLink(name, 'type', 'bridge', ...words),
    ...(mac === undefined ? [] : [setLink(name, 'address', mac)]),
  ];
}

const linkAgain = (device: HostDevice): readonly Command[] => [
  setLink(device.name, 'mtu', String(device.mtu)),
  setLink(device.name, device.up ? 'up' : 'down'),
  flushAddresses(device.name),
  ...globalAddresses(device).map((address) => addAddress(device.name, address)),
];
