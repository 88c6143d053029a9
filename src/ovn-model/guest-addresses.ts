import { LibvirtError } from '../errors/index.js';
import type { GuestPort } from './port-rows.js';
import type { OvnShape } from './shape.js';
import type { SubnetFacts } from './subnet-facts.js';

/** Tells why no guest can have an address of a subnet; nothing where one can. */
export function addressProblem({ family, router, network, broadcast }: SubnetFacts, text: string): string | undefined {
  if (text === router.text) return 'the router has it';
  if (text === network) return 'it names the subnet';
  return family === 'ipv4' && text === broadcast ? 'it is the broadcast address' : undefined;
}

/**
 * Refuses addresses that guests cannot have: OVN would take them, and the guest or the router would lose the network.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function assertGuestAddresses(shape: OvnShape, guests: readonly GuestPort[]): void {
  for (const guest of guests) {
    const problem = macProblem(shape, guest.mac) ?? ipProblem(shape, guest) ?? reservationProblem(shape, guest);
    if (problem !== undefined) throw invalid(shape, guest, problem);
  }
}

function macProblem({ routerMac }: OvnShape, mac: string): string | undefined {
  if (mac === routerMac.toLowerCase()) return 'the router has this MAC address';
  if (mac === '00:00:00:00:00:00') return 'no device has this MAC address';
  return Number.parseInt(mac.slice(0, 2), 16) % 2 === 1 ? 'its MAC address is one of a group' : undefined;
}

function ipProblem({ subnets }: OvnShape, { ips }: GuestPort): string | undefined {
  for (const ip of ips)
    for (const subnet of subnets) {
      const problem = addressProblem(subnet, ip);
      if (problem !== undefined) return `it cannot have ${ip}: ${problem}`;
    }
  return undefined;
}

function reservationProblem({ reservations }: OvnShape, { mac, ips, chosen, kept }: GuestPort): string | undefined {
  const own = [...ips, chosen, kept];
  const other = reservations.find(({ address, mac: whose }) => own.includes(address?.text) && whose !== mac);
  return other === undefined ? undefined : `${other.address?.text} is reserved for ${other.mac ?? other.host.id}`;
}

const invalid = ({ name }: OvnShape, { mac }: GuestPort, why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `the guest ${mac} cannot have its port in network "${name}": ${why}`, {
    network: name,
    hint: 'give it another address, or reserve another one',
  });
