import { LibvirtError } from '../../errors/index.js';
import type { Subnet } from '../../model/subnet.js';
import { parseAddress } from '../../schema/address.js';
import type { DhcpHost } from '../../schema/network/ip.js';
import type { FlowGuest, Topology } from './topology.js';

/** Two guests for each network. */
export const defaultGuests = ({ networks }: Topology): FlowGuest[] =>
  networks.flatMap(({ name }) => ['a', 'b'].map((letter) => ({ name: `${name}-${letter}`, network: name })));

export const unknownNetwork = ({ name, network }: FlowGuest): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `guest "${name}" is on network "${network}", which is not in the topology`, {
    network,
    hint: 'add the network to the topology, or correct the name',
  });

/** A subnet that guests get addresses of. */
export interface GuestSubnet {
  readonly subnet: Subnet;
  readonly hosts: readonly DhcpHost[];
}

/** Returns the address reserved for a guest, else the first that nobody has; nothing where the subnet is full. */
export function freeAddress(
  guest: FlowGuest,
  { subnet, hosts }: GuestSubnet,
  isTaken: (address: string) => boolean,
): string | undefined {
  const reserved = hosts.find(({ name }) => name === guest.name)?.ip;
  if (reserved !== undefined) return reserved;
  const others = new Set(hosts.map(({ ip }) => parseAddress(ip)?.text));
  for (const address of subnet.hosts()) if (!isTaken(address) && !others.has(address)) return address;
  return undefined;
}
