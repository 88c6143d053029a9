import type { Opening } from '../../preview/openings/opening.js';
import { openingsFor } from '../../preview/openings/openings-for.js';
import { compact } from '../../schema/values.js';
import type { FaultOwner, Remedy } from '../findings.js';
import type { Facts, NetworkFacts } from './facts.js';
import { flowModelOf } from './flows.js';

interface Place {
  readonly facts: Facts;
  readonly on: NetworkFacts;
}

/** Openings in the firewall that stops packets, where it has a place for them. */
function openingsIn(owner: FaultOwner, { facts, on }: Place): readonly Opening[] {
  const model = flowModelOf(facts);
  if (model === undefined) return [];
  const { backend, libvirt, outside, kernel, firewall } = model.topology;
  const { openings } = openingsFor(on.network, firewall, compact({ backend, libvirt, outside, kernel }));
  // Some programs have no place for them: the chain itself is one.
  return openings.filter((one) => one.firewall === owner || one.firewall === BY_HAND[owner]);
}

const BY_HAND: Readonly<Partial<Record<FaultOwner, FaultOwner>>> = {
  docker: 'iptables',
  ufw: 'iptables',
  NixOS: 'iptables',
  Kubernetes: 'iptables',
};

const ELSEWHERE = 'Let the packets through where they are stopped: an accept in another table does not help.';
const INSTALL = 'installOpenings of libvirt-network/host installs the openings, and keeps them over restarts.';

/** The remedy for packets that a firewall stops. */
export function remedyFor(owner: FaultOwner, place: Place): Remedy {
  const openings = openingsIn(owner, place);
  return openings.length === 0
    ? { commands: [], note: ELSEWHERE }
    : { commands: [], openings, note: [INSTALL, NOTES[owner]].filter((text) => text !== undefined).join(' ') };
}

/** What the owner of a firewall can do in its own settings. */
const NOTES: Readonly<Partial<Record<FaultOwner, string>>> = {
  NixOS:
    'In the configuration: networking.firewall.interfaces.BRIDGE.allowedUDPPorts = [ 53 67 547 69 ]; allowedTCPPorts = [ 53 ];',
  docker:
    'Docker sets the policy at its start where it switches forwarding on itself; "ip-forward-no-drop": true in daemon.json keeps it from that.',
};
