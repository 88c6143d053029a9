import { parseAddress } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import { isMulticast } from '../check/addressing.js';
import { KERNEL_VXLAN_PORT } from '../vxlan.js';
import type { VxlanDefinition } from './devices.js';

/** What files say of a VXLAN. */
interface ReadVxlan {
  readonly id: number | undefined;
  readonly local: string | undefined;
  /** The one host at the other end, or the group: files have one word for both. */
  readonly remote: string | undefined;
  /** Hosts that are entries of its address table. */
  readonly copies?: readonly string[] | undefined;
  readonly device: string | undefined;
  readonly port: number | undefined;
  readonly learning: boolean | undefined;
}

/** The text of a place for the other end of a tunnel; anything but an address is left for the report. */
export const endText = (text: string): string | undefined => (parseAddress(text) === undefined ? undefined : text);

/** A VXLAN as files describe it; none where they give it no id. */
export function vxlanOf(name: string, read: ReadVxlan): Vxlans {
  const { id, local, remote, copies = [], device, port, learning } = read;
  if (id === undefined) return [];
  const end = remote === undefined ? undefined : parseAddress(remote);
  const isGroup = end !== undefined && isMulticast(end);
  const remotes = remote === undefined || isGroup ? copies : [remote, ...copies];
  return [
    [
      name,
      compact({
        id,
        local,
        remotes: remotes.length === 0 ? undefined : remotes,
        group: isGroup ? remote : undefined,
        device,
        port: port ?? KERNEL_VXLAN_PORT,
        learning: learning === false ? false : undefined,
      }),
    ],
  ];
}

type Vxlans = readonly (readonly [name: string, vxlan: VxlanDefinition])[];
