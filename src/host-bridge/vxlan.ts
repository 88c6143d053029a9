import { itemsOf } from '../model/argument.js';
import type { VxlanPort } from './document.js';

/** The standard's UDP port. */
export const VXLAN_PORT = 4789;

/** The UDP port where a system says none: the kernel's, older than the standard. */
export const KERNEL_VXLAN_PORT = 8472;

/** The one host at the other end of a VXLAN, or the group; several hosts are entries of its address table. */
export const vxlanPeer = ({ remotes, group }: VxlanPort): string | undefined =>
  group ?? (remotes?.length === 1 ? remotes[0] : undefined);

/** Hosts that have to be added to the address table of a VXLAN, so that each gets a copy of what goes to all. */
export const vxlanCopies = ({ remotes = [] }: VxlanPort): readonly string[] => (remotes.length > 1 ? remotes : []);

/** The address that stands in a VXLAN's address table for everybody. */
export const ANY_MAC = '00:00:00:00:00:00';

/** Bytes that a VXLAN adds to a packet: an Ethernet header and those of VXLAN, UDP and IP. */
export const overheadOf = (device: VxlanPort): number => (isOverIpv6(device) ? 70 : 50);

/** The largest packet of guests that fits into packets of a size. */
export const roomIn = (mtu: number, device: VxlanPort): number => mtu - overheadOf(device);

/** What guests and networks between hosts take for granted. */
export const USUAL_MTU = 1500;

/** The MTU of a VXLAN in a bridge that may have one of its own. */
export const mtuOfVxlan = (device: VxlanPort, mtu: number | undefined): number =>
  device.mtu ?? mtu ?? roomIn(USUAL_MTU, device);

/** A document of plain JavaScript may hold anything: what is wrong with it is for the check. */
const isOverIpv6 = ({ local, remotes, group }: VxlanPort): boolean =>
  [local, group, ...itemsOf(remotes)].some((address) => String(address).includes(':'));
