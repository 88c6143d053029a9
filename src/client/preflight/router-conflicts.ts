import { programOfDevice } from '../../host-facts/device-programs.js';
import type { BaseNetwork } from '../../model/base.js';
import { forwardModeOf, isLayer3 } from '../../schema/network/canonical.js';
import { knownRelease, RELEASE_12 } from '../../schema/release.js';
import { addressIn } from '../../schema/rules/context.js';
import { compact } from '../../schema/values.js';
import type { DeviceFacts } from '../state/host-view.js';
import type { Conflict, ConflictOwner, Surroundings } from './types.js';

/** A device of the host as the owner of something. */
export const ownerOfDevice = (device: DeviceFacts): ConflictOwner =>
  compact({ kind: 'device' as const, name: device.name, program: programOfDevice(device) });

/**
 * Finds devices that would lose their routes: when a network turns IPv6 forwarding on, the kernel ignores router
 * advertisements unless accept_ra is 2. libvirt refuses to start the network then.
 */
export function routerConflicts(
  { document }: BaseNetwork,
  { devices = [], acceptRa, libvirt }: Pick<Surroundings, 'devices' | 'acceptRa' | 'libvirt'>,
): Conflict[] {
  const at = (document.ips ?? []).findIndex(({ address }) => addressIn(address)?.family === 'ipv6');
  if (at === -1 || !isLayer3(document) || !turnsForwardingOn(forwardModeOf(document), knownRelease(libvirt))) return [];
  return devices
    .filter((device) => device.autoconfigured === true && losesRoutes(device, acceptRa))
    .map((device) => ({
      code: 'ACCEPT_RA',
      path: `ips[${at}]`,
      message: `IPv6 forwarding would drop the routes learned by device ${device.name}`,
      owner: ownerOfDevice(device),
      refused: isReadByLibvirt(device.name),
      hint: `sysctl net.ipv6.conf.${device.name}.accept_ra=2`,
    }));
}

/** Open networks no longer do since 12.0. Assumed: 11.3 does, 12.9 does not. */
const turnsForwardingOn = (mode: string, release: number): boolean =>
  mode !== 'none' && (mode !== 'open' || release < RELEASE_12);

/** With 0 for a device, the setting for all devices counts. */
const losesRoutes = ({ acceptRa }: DeviceFacts, ofAll: number | undefined): boolean =>
  acceptRa === 1 || (acceptRa === 0 && ofAll === 1);

/** libvirt reads eight bytes of a device's name in the kernel's list of routes, so it overlooks longer ones. */
const isReadByLibvirt = (device: string): boolean => new TextEncoder().encode(device).length <= 8;
