import { LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';

/** How a guest is attached to a NIC of the host without a bridge between: a mode of macvtap, or a function of the card. */
export type Attachment = 'bridge' | 'private' | 'vepa' | 'passthrough' | 'hostdev';

/**
 * How guests of a network are attached to a NIC; nothing for networks with a bridge.
 *
 * @throws LibvirtError code `UNSUPPORTED` for tags and virtual ports, which decide in a switch or a card
 */
export function attachmentOf(network: BaseNetwork): Attachment | undefined {
  const { forward, bridge, vlan, virtualport, portgroups, name } = network.document;
  const mode = forward?.mode;
  if (mode === undefined || mode === 'none' || mode === 'nat' || mode === 'route' || mode === 'open') return undefined;
  const usual = portgroups?.find((group) => group.default);
  if (vlan !== undefined || usual?.vlan !== undefined) throw unsupported(name, 'VLAN tags');
  if (virtualport !== undefined || usual?.virtualport !== undefined) throw unsupported(name, 'a virtual port');
  if (bridge?.name !== undefined) return undefined;
  if ((forward?.interfaces?.length ?? 0) > 1) throw unsupported(name, 'a pool of several devices');
  return mode;
}

const unsupported = (network: string, what: string): LibvirtError =>
  new LibvirtError('UNSUPPORTED', `packets of network "${network}" cannot be followed: it has ${what}`, {
    network,
    hint: 'leave the network out of the topology',
  });

/** The device that a network without a bridge is about. */
export const deviceOf = ({ document }: BaseNetwork): string | undefined =>
  document.bridge?.name ?? document.forward?.interfaces?.[0]?.dev ?? document.forward?.pf?.dev ?? document.forward?.dev;

/**
 * Says why a guest on a NIC and its host do not reach each other; nothing if they do.
 *
 * @param reflects - whether the switch beyond sends frames back to the port that they came from
 */
export function apartFromHost(attachment: Attachment | undefined, reflects: boolean): string | undefined {
  if (attachment === undefined || (reflects && attachment !== 'passthrough' && attachment !== 'hostdev'))
    return undefined;
  return attachment === 'hostdev'
    ? 'the guest has a function of the card itself: whether the card passes packets to the host is not known'
    : `a guest on macvtap (${attachment}) and its host do not reach each other: what they send leaves by the NIC`;
}

/**
 * Says why two ends on one NIC do not reach each other; nothing if they do.
 *
 * @param reflects - whether the switch beyond sends frames back to the port that they came from
 */
export function apart(from: Attachment | undefined, to: Attachment | undefined, reflects: boolean): string | undefined {
  if (from === undefined || to === undefined) return undefined;
  if (from === 'private' || to === 'private') return 'private mode keeps guests on one NIC apart';
  if (from === 'bridge' && to === 'bridge') return undefined;
  if (from === 'vepa' || to === 'vepa')
    return reflects ? undefined : 'vepa mode needs a switch that sends frames back (hairpin, reflective relay)';
  if (from === 'hostdev' && to === 'hostdev') return 'the card decides between its functions';
  return 'passthrough gives the NIC to one guest alone';
}
