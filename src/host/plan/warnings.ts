import type { Issue } from '../../errors/index.js';
import type { Rendering } from '../../host-bridge/render/rendering.js';
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

function backendWarnings(before: Observation, rendering: Rendering, { ports, dynamic = [] }: ExpectedBridge) {
  const kind = trialKindOf(rendering);
  const lease = 'the bridge keeps the leased address during the trial; afterwards its client may get another one';
  const persists = `${rendering.backend} writes at once for good: a restart of the host before the decision does not undo it`;
  const managed = ports.filter((port) => ownersOf(before, port).length > 0).join(', ');
  return [
    ...(kind === 'kernel' && dynamic.length > 0 ? [hostWarning('HOST_LEASE', 'ipv4', lease)] : []),
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
