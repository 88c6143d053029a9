import type { Issue } from '../../errors/index.js';
import { backendNamed, backendsFor, mayChange } from '../../host-bridge/render/backends.js';
import type { Rendering } from '../../host-bridge/render/rendering.js';
import { type HostDevice, isUplink } from '../../host-facts/devices.js';
import { deviceOf, type Observation, portsOf } from '../observe/observe.js';
import { ownersOf } from '../observe/owners.js';
import { type ExpectedBridge, readCidr } from './expected.js';

/** A reason not to begin. */
export const refusal = (code: string, path: string, message: string, hint?: string): Issue => ({
  code,
  severity: 'error',
  phase: 'start',
  path,
  message,
  ...(hint === undefined ? {} : { hint }),
});

/** Something that goes well and may surprise. */
export const warning = (code: string, path: string, message: string, hint?: string): Issue => ({
  ...refusal(code, path, message, hint),
  severity: 'warning',
  phase: 'never',
});

/** Everything about a host that speaks against a bridge, all at once. */
export function refusals(before: Observation, rendering: Rendering, expected: ExpectedBridge): readonly Issue[] {
  return [
    ...nameRefusals(before, expected),
    ...cardsOf(before, expected).flatMap(([card, path]) => portRefusals(before, card, expected.name, path)),
    ...expected.addresses.flatMap((cidr, i) =>
      readCidr(cidr) === undefined
        ? [refusal('HOST_ADDRESS_INVALID', `addresses[${i}]`, `"${cidr}" is no address with a prefix`)]
        : [],
    ),
    ...cardsOf(before, expected).flatMap(([card, path]) => ownerRefusals(before, rendering, card, path)),
    ...toolRefusals(before, rendering),
    ...rendering.files.flatMap(({ path, content }, i) => fileRefusals(path, content, `files[${i}]`)),
  ];
}

/** The devices that must be there: the ports, or what stands below those that come with the bridge. */
const cardsOf = (
  before: Observation,
  { ports, made = {} }: ExpectedBridge,
): (readonly [card: string, path: string])[] =>
  ports.flatMap((port, i) => {
    const cards = deviceOf(before, port) === undefined ? (made[port] ?? [port]) : [port];
    return cards.map((card) => [card, `ports[${i}]`] as const);
  });

function nameRefusals(before: Observation, { name, ports }: ExpectedBridge): readonly Issue[] {
  const device = deviceOf(before, name);
  if (device === undefined) return [];
  if (device.bridge === undefined)
    return [refusal('HOST_NAME_TAKEN', 'name', `${name} is a ${device.kind} device`, 'choose another name')];
  const others = portsOf(before, name).filter((port) => isUplink(port) && !ports.includes(port.name));
  return others.map((port) =>
    refusal(
      'HOST_BRIDGE_EXISTS',
      'name',
      `there is a bridge ${name} already, with the port ${port.name}`,
      'choose another name',
    ),
  );
}

function portRefusals(before: Observation, name: string, bridge: string, path: string): readonly Issue[] {
  const port = deviceOf(before, name);
  if (port === undefined)
    return [refusal('HOST_PORT_MISSING', path, `there is no device ${name}`, `the host has ${namesOf(before)}`)];
  const users = before.devices.filter(({ kind, parent }) => /^macv(?:lan|tap)$/.test(kind) && parent === name);
  return [
    ...(port.wireless
      ? [
          refusal(
            'HOST_PORT_WIRELESS',
            path,
            `${name} is wireless: access points refuse bridges`,
            'use a routed or NAT network',
          ),
        ]
      : []),
    ...masterRefusals(before, port, bridge, path),
    ...(port.kind === 'loopback' || port.bridge !== undefined || /^macv/.test(port.kind)
      ? [refusal('HOST_PORT_KIND', path, `${name} is a ${port.kind} device, which cannot be a port`)]
      : []),
    ...users.map((user) =>
      refusal(
        'HOST_PORT_IN_USE',
        path,
        `${name} carries ${user.name} (${user.kind})`,
        'end the guest that uses it: a device has either bridge or macvtap',
      ),
    ),
  ];
}

/** Linux takes a port away from another bridge without a word, and its guests with it. */
function masterRefusals(before: Observation, { name, master }: HostDevice, bridge: string, path: string) {
  if (master === undefined || master === bridge) return [];
  const kind = deviceOf(before, master)?.kind ?? 'master';
  return [
    refusal(
      'HOST_PORT_IN_USE',
      path,
      `${name} is a port of the ${kind} ${master}`,
      `use ${master}, or take ${name} out of it first`,
    ),
  ];
}

const namesOf = ({ devices }: Observation): string => devices.map(({ name }) => name).join(', ');

function ownerRefusals(before: Observation, { backend }: Rendering, port: string, path: string): readonly Issue[] {
  const owners = ownersOf(before, port);
  const who = owners.map(({ system, evidence }) => `${system} (${evidence})`).join(' and ');
  if (owners.length > 1)
    return [refusal('HOST_TWO_OWNERS', path, `${port} is managed by ${who}`, 'leave it to one of them')];
  if (owners.every(({ system }) => mayChange(backendNamed(backend), system))) return [];
  const fitting = owners.flatMap(({ system }) => backendsFor(system)).join(', ');
  return [
    refusal('HOST_BACKEND_OTHER', 'backend', `${port} is managed by ${who}, not by ${backend}`, `use ${fitting}`),
  ];
}

function toolRefusals({ tools }: Observation, { backend }: Rendering): readonly Issue[] {
  const { tool } = backendNamed(backend);
  const missing = tool === undefined || tools.includes(tool) ? [] : [tool];
  return [
    ...missing.map((name) =>
      refusal('HOST_BACKEND_ABSENT', 'backend', `the host has no ${name}, which ${backend} needs`),
    ),
    ...(tools.includes('setsid')
      ? []
      : [
          refusal(
            'HOST_UNPROTECTED',
            '',
            'the host has no setsid, without which nothing would undo a mistake',
            'install util-linux or busybox',
          ),
        ]),
  ];
}

function fileRefusals(path: string, content: string, at: string): readonly Issue[] {
  const bad =
    !/^\/(?:[^\p{Cc}/]+\/)*[^\p{Cc}/]+$/u.test(path) || path.split('/').includes('..') || content.includes('\0');
  return bad
    ? [refusal('HOST_FILE_INVALID', at, `${JSON.stringify(path)} is no absolute path, or its content has a NUL`)]
    : [];
}
