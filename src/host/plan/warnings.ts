import type { Issue } from '../../errors/index.js';
import { isUnwatched, MODES_THAT_CUT_OFF } from '../../host-bridge/check/bonds.js';
import { collector } from '../../host-bridge/check/context.js';
import { bondMode } from '../../host-bridge/read/devices.js';
import type { Rendering } from '../../host-bridge/render/rendering.js';
import type { HostDevice } from '../../host-facts/devices.js';
import { findDevice, type Observation } from '../observe/observe.js';
import { ownersOf } from '../observe/owners.js';
import type { ExpectedBridge } from './expected.js';
import { hostWarning } from './preconditions.js';
import { trialKindOf } from './trial-files.js';

/** Lists warnings about a bridge on a host. */
export function bridgeWarnings(before: Observation, rendering: Rendering, expected: ExpectedBridge): readonly Issue[] {
  return [
    ...rendering.warnings,
    ...connectionWarnings(before, expected),
    ...macWarnings(before, expected),
    ...settingWarnings(before, expected),
    ...bondWarnings(before, expected),
    ...backendWarnings(before, rendering, expected),
  ];
}

function connectionWarnings({ peerDevice }: Observation, { ports }: ExpectedBridge): readonly Issue[] {
  if (peerDevice === undefined || !ports.includes(peerDevice)) return [];
  return [hostWarning('HOST_MANAGEMENT_ROUTE', 'ports', `your own connection to the host goes over ${peerDevice}`)];
}

function macWarnings(before: Observation, { ports, mac, name }: ExpectedBridge): readonly Issue[] {
  const own = ports.flatMap((port) => findDevice(before, port)?.mac ?? []);
  if (mac === undefined || own.length === 0 || own.includes(mac.toLowerCase())) return [];
  const message = `${name} gets the MAC address ${mac}, which no port has: neighbours must learn it again, and a DHCP server may give another address`;
  return [hostWarning('HOST_MAC_CHANGES', 'mac', message)];
}

function settingWarnings(before: Observation, { stp, forwardDelay = 0, gateways }: ExpectedBridge): readonly Issue[] {
  const probes = ['ping', 'busybox', 'arping'].some((tool) => before.tools.includes(tool));
  const delay = `STP is on: nothing passes for ${2 * forwardDelay} seconds after a port comes up`;
  const netfilter =
    'frames that cross a bridge go through iptables (bridge-nf-call-iptables=1): a policy such as that of docker drops them';
  return [
    ...(stp === true ? [hostWarning('HOST_STP_DELAY', 'stp', delay)] : []),
    ...(before.bridgeNetfilter ? [hostWarning('HOST_BRIDGE_NETFILTER', '', netfilter)] : []),
    ...(gateways.length > 0 && !probes
      ? [
          hostWarning(
            'HOST_NO_PROBE',
            'gateways',
            'the host has no ping, busybox or arping: the gateway is not asked for an answer',
          ),
        ]
      : []),
  ];
}

/** Bonds that the host has already: the model knows them as cards, and cannot say how they are set. */
function bondWarnings(before: Observation, { ports, made = {} }: ExpectedBridge): readonly Issue[] {
  const issues: Issue[] = [];
  const report = collector(issues);
  const cards = new Set(ports.flatMap((port) => made[port] ?? [port]));
  for (const { name: value, bond } of [...cards].flatMap((card) => bondBelow(before, card))) {
    const mode = bondMode(bond?.mode);
    if (bond === undefined || mode === undefined) continue;
    const reason = MODES_THAT_CUT_OFF[mode];
    if (reason !== undefined) report('HB_BOND_MODE', 'ports', { value, mode, reason });
    if (isUnwatched(mode, bond.monitorInterval)) report('HB_BOND_MONITOR', 'ports', { value });
  }
  return issues;
}

/** The bond that a device is, or that it is a VLAN of. */
function bondBelow(before: Observation, name: string): readonly HostDevice[] {
  const device = findDevice(before, name);
  if (device?.kind === 'vlan' && device.parent !== undefined) return bondBelow(before, device.parent);
  return device?.bond === undefined ? [] : [device];
}

function backendWarnings(before: Observation, rendering: Rendering, { ports, dynamic = [] }: ExpectedBridge) {
  const kind = trialKindOf(rendering);
  const saysLease = rendering.warnings.some(({ code }) => code === 'HOST_LEASE');
  const lease = 'the bridge keeps the leased address during the trial; afterwards its client may get another one';
  const persists = `${rendering.backend} writes at once for good: a restart of the host before the decision does not undo it`;
  const managed = ports.filter((port) => ownersOf(before, port).length > 0).join(', ');
  return [
    ...(kind === 'kernel' && dynamic.length > 0 && !saysLease ? [hostWarning('HOST_LEASE', 'ipv4', lease)] : []),
    ...(kind === 'direct' && rendering.backend !== 'iproute2'
      ? [hostWarning('HOST_TRIAL_PERSISTS', 'backend', persists)]
      : []),
    ...(rendering.backend === 'iproute2'
      ? [
          hostWarning(
            'HOST_NOT_PERSISTENT',
            'backend',
            `a restart of the host ends the bridge${managed === '' ? '' : `, and what manages ${managed} may undo it before`}`,
          ),
        ]
      : []),
  ];
}
