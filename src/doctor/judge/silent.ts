import { parseAddress } from '../../schema/address.js';
import type { Finding } from '../findings.js';
import type { ProbeTarget } from '../gather/probe-guests.js';
import type { Facts } from './facts.js';
import { finding, proof } from './finding.js';
import { addressesOf, type PluggedNic } from './nic.js';

/** The addresses at which guests should answer: lent, or reserved. */
export const probeTargets = (facts: Facts, nics: readonly PluggedNic[]): readonly ProbeTarget[] =>
  nics.flatMap((one) =>
    addressesOf(facts, one)
      .filter((address) => parseAddress(address)?.family === 'ipv4')
      .map((address) => ({ guest: one.nic.guest, mac: one.nic.mac, bridge: one.bridge, address })),
  );

/** Guests that nobody answers for, although the host reaches their place: the fault is inside of them. */
export function silent({ evidence, neighbours }: Facts, found: readonly Finding[]): Finding[] {
  const isExplained = found.some(({ loses }) =>
    loses.some(({ need }) => need === 'everything' || need === 'host to guest'),
  );
  if (isExplained) return [];
  return (evidence.probes ?? []).flatMap(({ guest, mac, bridge, address, answered }) => {
    const known = neighbours.find((one) => one.device === bridge && one.address === address);
    // A guest that answers questions for its hardware address is there: its own firewall drops the rest.
    if (answered || known?.states.some((state) => /REACHABLE|DELAY|STALE|PROBE/.test(state))) return [];
    return [
      finding('guest-silent', {
        what: `guest ${guest} does not answer at ${address}, the address that its network has for ${mac}`,
        guest,
        loses: [{ need: 'host to guest', family: 'ipv4' }],
        evidence: [
          proof(`ping -c 1 -I ${bridge} ${address}`, 'no answer'),
          proof(`ip neigh show dev ${bridge}`, `${address} ${known?.states.join(' ') ?? 'unknown'}`),
        ],
        owner: 'guest',
        remedy: {
          commands: [],
          note: 'In the guest: ip link (is the NIC switched on?), ip addr (another address?), and the log of its DHCP client.',
        },
      }),
    ];
  });
}
